package convscope.engine;

import convscope.linalg.Gemm;

/** The engine's matrix product on arrays: copied in, multiplied, copied out. */
public final class EngineGemm implements Gemm {
  private final Engine engine;

  public EngineGemm(Engine engine) {
    this.engine = engine;
  }

  @Override
  public void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aStart,
      float[] b,
      int bStart,
      float[] c,
      int cStart,
      boolean accumulate) {
    Gemm.check(m, n, k, a, aStart, b, bStart, c, cStart);
    int mark = engine.mark();
    try {
      int left = engine.put(a, aStart, m * k);
      int right = engine.put(b, bStart, k * n);
      int out = accumulate ? engine.put(c, cStart, m * n) : engine.allocate((long) m * n);
      engine.multiply(transposeA, transposeB, m, n, k, left, right, out, accumulate);
      engine.get(out, c, cStart, m * n);
    } finally {
      engine.release(mark);
    }
  }
}
