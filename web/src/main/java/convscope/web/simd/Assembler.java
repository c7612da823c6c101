package convscope.web.simd;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes a WebAssembly module (WebAssembly Core Specification 2.0, binary format) of functions that
 * take 32-bit integers, give nothing and work on an imported memory.
 */
final class Assembler {
  static final int I32 = 0x7F;
  static final int F32 = 0x7D;
  static final int V128 = 0x7B;

  private final List<Function> functions = new ArrayList<>();
  private final List<Function> exported = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  /** Begins a function for others to {@link Function#call}. */
  Function function(int params) {
    Function function = new Function(params, functions.size());
    functions.add(function);
    return function;
  }

  /** Begins an exported function. */
  Function function(String name, int params) {
    Function function = function(params);
    exported.add(function);
    names.add(name);
    return function;
  }

  /** The module; its memory is imported as {@code env.memory}. */
  byte[] module() {
    Bytes out = new Bytes();
    out.raw(0, 'a', 's', 'm', 1, 0, 0, 0);
    Bytes types = new Bytes();
    types.u32(functions.size());
    for (Function function : functions) {
      types.raw(0x60).u32(function.params);
      for (int i = 0; i < function.params; i++) {
        types.raw(I32);
      }
      types.u32(0);
    }
    out.section(1, types);
    Bytes imports = new Bytes().u32(1).name("env").name("memory").raw(2, 0).u32(1);
    out.section(2, imports);
    Bytes declarations = new Bytes().u32(functions.size());
    Bytes code = new Bytes().u32(functions.size());
    for (Function function : functions) {
      declarations.u32(function.index); // each has a type of its own
      Bytes body = function.body();
      code.u32(body.size()).append(body);
    }
    Bytes exports = new Bytes().u32(exported.size());
    for (int i = 0; i < exported.size(); i++) {
      exports.name(names.get(i)).raw(0).u32(exported.get(i).index);
    }
    out.section(3, declarations);
    out.section(7, exports);
    out.section(10, code);
    return out.toArray();
  }

  /** A sequence of bytes in the making. */
  static final class Bytes {
    private byte[] bytes = new byte[256];
    private int size;

    int size() {
      return size;
    }

    Bytes raw(int... values) {
      for (int value : values) {
        if (size == bytes.length) {
          byte[] larger = new byte[2 * size];
          System.arraycopy(bytes, 0, larger, 0, size);
          bytes = larger;
        }
        bytes[size++] = (byte) value;
      }
      return this;
    }

    /** Unsigned LEB128. */
    Bytes u32(int value) {
      int rest = value;
      while ((rest & ~0x7F) != 0) {
        raw(rest & 0x7F | 0x80);
        rest >>>= 7;
      }
      return raw(rest);
    }

    /** Signed LEB128. */
    Bytes s32(int value) {
      int rest = value;
      while (rest < -64 || rest > 63) {
        raw(rest & 0x7F | 0x80);
        rest >>= 7;
      }
      return raw(rest & 0x7F);
    }

    Bytes name(String text) {
      u32(text.length());
      for (int i = 0; i < text.length(); i++) {
        raw(text.charAt(i));
      }
      return this;
    }

    Bytes append(Bytes other) {
      for (int i = 0; i < other.size; i++) {
        raw(other.bytes[i]);
      }
      return this;
    }

    void section(int id, Bytes content) {
      raw(id).u32(content.size).append(content);
    }

    byte[] toArray() {
      byte[] out = new byte[size];
      System.arraycopy(bytes, 0, out, 0, size);
      return out;
    }
  }

  /**
   * A function's body: instructions in order, each named as in the specification. Locals are
   * numbers from {@link #local}; the parameters are 0, 1, 2, ….
   */
  static final class Function {
    private final int params;
    private final int index;
    private final List<Integer> locals = new ArrayList<>();
    private final Bytes code = new Bytes();

    private Function(int params, int index) {
      this.params = params;
      this.index = index;
    }

    /** A new local variable, zero at first. */
    int local(int type) {
      locals.add(type);
      return params + locals.size() - 1;
    }

    int[] locals(int type, int count) {
      int[] all = new int[count];
      for (int i = 0; i < count; i++) {
        all[i] = local(type);
      }
      return all;
    }

    private Bytes body() {
      Bytes out = new Bytes().u32(locals.size());
      for (int type : locals) {
        out.u32(1).raw(type);
      }
      return out.append(code).raw(0x0B);
    }

    Function get(int local) {
      code.raw(0x20).u32(local);
      return this;
    }

    Function set(int local) {
      code.raw(0x21).u32(local);
      return this;
    }

    Function tee(int local) {
      code.raw(0x22).u32(local);
      return this;
    }

    Function constant(int value) {
      code.raw(0x41).s32(value);
      return this;
    }

    Function add() {
      code.raw(0x6A);
      return this;
    }

    Function sub() {
      code.raw(0x6B);
      return this;
    }

    Function mul() {
      code.raw(0x6C);
      return this;
    }

    Function and() {
      code.raw(0x71);
      return this;
    }

    Function or() {
      code.raw(0x72);
      return this;
    }

    /** Signed shift right. */
    Function shr(int bits) {
      constant(bits);
      code.raw(0x75);
      return this;
    }

    Function shl(int bits) {
      constant(bits);
      code.raw(0x74);
      return this;
    }

    Function eqz() {
      code.raw(0x45);
      return this;
    }

    Function eq() {
      code.raw(0x46);
      return this;
    }

    Function ne() {
      code.raw(0x47);
      return this;
    }

    /** Signed less than. */
    Function lt() {
      code.raw(0x48);
      return this;
    }

    /** Signed greater or equal. */
    Function ge() {
      code.raw(0x4E);
      return this;
    }

    /** Calls a function with what is on the stack. */
    Function call(Function other) {
      code.raw(0x10).u32(other.index);
      return this;
    }

    /** {@code local += value}. */
    Function advance(int local, int value) {
      return get(local).constant(value).add().set(local);
    }

    /** {@code local += other}. */
    Function advanceBy(int local, int other) {
      return get(local).get(other).add().set(local);
    }

    // ---- control: bodies are written by running them

    /** Repeats while what the condition leaves on the stack is not zero. */
    void loopWhile(Runnable condition, Runnable body) {
      code.raw(0x02, 0x40, 0x03, 0x40);
      condition.run();
      code.raw(0x45, 0x0D).u32(1);
      body.run();
      code.raw(0x0C).u32(0).raw(0x0B, 0x0B);
    }

    /** Counts a positive local down to zero. */
    void repeat(int count, Runnable body) {
      code.raw(0x03, 0x40);
      body.run();
      get(count).constant(1).sub().tee(count);
      code.raw(0x0D).u32(0).raw(0x0B);
    }

    /** Repeats, at least once, as long as what the body leaves on the stack is not zero. */
    void doWhile(Runnable body) {
      code.raw(0x03, 0x40);
      body.run();
      code.raw(0x0D).u32(0).raw(0x0B);
    }

    /** Runs one or the other body, by what is on the stack. */
    void choose(Runnable then, Runnable otherwise) {
      code.raw(0x04, 0x40);
      then.run();
      code.raw(0x05);
      otherwise.run();
      code.raw(0x0B);
    }

    void when(Runnable then) {
      code.raw(0x04, 0x40);
      then.run();
      code.raw(0x0B);
    }

    // ---- memory; every access states the alignment of a float, which is only a hint

    Function load32(int offset) {
      code.raw(0x28, 2).u32(offset);
      return this;
    }

    Function loadF32(int offset) {
      code.raw(0x2A, 2).u32(offset);
      return this;
    }

    Function storeF32(int offset) {
      code.raw(0x38, 2).u32(offset);
      return this;
    }

    Function zeroF32() {
      code.raw(0x43, 0, 0, 0, 0);
      return this;
    }

    Function subF32() {
      code.raw(0x93);
      return this;
    }

    Function mulF32() {
      code.raw(0x94);
      return this;
    }

    /** The larger number; NaN if either is. */
    Function maxF32() {
      code.raw(0x97);
      return this;
    }

    /** Whether the first number is greater. */
    Function greaterF32() {
      code.raw(0x5E);
      return this;
    }

    Function addF32() {
      code.raw(0x92);
      return this;
    }

    /** Sets bytes: address, value and count are on the stack. */
    Function fill() {
      code.raw(0xFC).u32(11).raw(0);
      return this;
    }

    Function load(int offset) {
      return vector(0).memory(offset);
    }

    Function loadSplat(int offset) {
      return vector(9).memory(offset);
    }

    Function store(int offset) {
      return vector(11).memory(offset);
    }

    /** One number and three zeros. */
    Function loadOne(int offset) {
      return vector(0x5C).memory(offset);
    }

    /** Two numbers and two zeros. */
    Function loadTwo(int offset) {
      return vector(0x5D).memory(offset);
    }

    Function loadLane(int offset, int lane) {
      vector(0x56).memory(offset);
      code.raw(lane);
      return this;
    }

    Function storeLane(int offset, int lane) {
      vector(0x5A).memory(offset);
      code.raw(lane);
      return this;
    }

    /** Stores lanes 0 and 1, or 2 and 3. */
    Function storePair(int offset, int pair) {
      vector(0x5B).memory(offset);
      code.raw(pair);
      return this;
    }

    private Function memory(int offset) {
      code.raw(2).u32(offset);
      return this;
    }

    private Function vector(int opcode) {
      code.raw(0xFD).u32(opcode);
      return this;
    }

    // ---- vectors of four float32

    Function zeros() {
      vector(12);
      code.raw(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      return this;
    }

    /** The lanes of two vectors, the first one's being 0 to 3. */
    Function shuffle(int a, int b, int c, int d) {
      vector(13);
      for (int lane : new int[] {a, b, c, d}) {
        code.raw(4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3);
      }
      return this;
    }

    Function lane(int lane) {
      vector(0x1F);
      code.raw(lane);
      return this;
    }

    /** The number on the stack in every lane. */
    Function splat() {
      return vector(0x13);
    }

    /** All bits of a lane where the numbers are equal. */
    Function equalVector() {
      return vector(0x41);
    }

    /** All bits of a lane where the first number is greater. */
    Function greaterVector() {
      return vector(0x44);
    }

    Function andVector() {
      return vector(0x4E);
    }

    /** The bits of the first vector that the second one does not have. */
    Function andNotVector() {
      return vector(0x4F);
    }

    Function subVector() {
      return vector(0xE5);
    }

    /** The larger number of each lane; NaN if either is. */
    Function maxVector() {
      return vector(0xE9);
    }

    /** The smaller number of each lane; NaN if either is. */
    Function minVector() {
      return vector(0xE8);
    }

    Function divVector() {
      return vector(0xE7);
    }

    Function sqrtVector() {
      return vector(0xE3);
    }

    Function addVector() {
      return vector(0xE4);
    }

    Function mulVector() {
      return vector(0xE6);
    }

    /** {@code a < b ? b : a}, so that a NaN in a stays. */
    Function pmax() {
      return vector(0xEB);
    }

    /** {@code a·b + c}, rounded once or twice as the machine likes. */
    Function relaxedMadd() {
      return vector(0x105);
    }
  }
}
