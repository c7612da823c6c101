package convscope.net.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.net.onnx.Onnx.Attribute;
import convscope.net.onnx.Onnx.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Operators on a few numbers, worked out by hand from ONNX's text. */
class OperatorsTest {
  private static Value floats(long[] shape, double... data) {
    return new Value(Onnx.FLOAT, shape, data);
  }

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private static Attribute integer(long value) {
    return new Attribute(value, 0, "", new long[0], new float[0], null, false);
  }

  private static Attribute text(String value) {
    return new Attribute(0, 0, value, new long[0], new float[0], null, false);
  }

  private static Value run(String operator, Map<String, Attribute> attributes, Value... in) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < in.length; i++) {
      names.add(in[i] == Value.UNKNOWN ? "" : "x" + i);
    }
    Node node = new Node("", operator, "", names, List.of("y"), new HashMap<>(attributes));
    Value[] out = Operators.apply(node, in, 17);
    assertThat(out).isNotNull();
    return out == null ? Value.UNKNOWN : out[0];
  }

  @Test
  void resizingNearestAndLinear() {
    Value x = floats(shape(1, 1, 1, 2), 1, 3);
    Value scales = floats(shape(4), 1, 1, 1, 2);
    Value nearest = run("Resize", Map.of("mode", text("nearest")), x, Value.UNKNOWN, scales);
    assertThat(nearest.data()).containsExactly(1, 1, 3, 3);
    Value linear = run("Resize", Map.of("mode", text("linear")), x, Value.UNKNOWN, scales);
    assertThat(linear.data()).containsExactly(1, 1.5, 2.5, 3); // half pixels
    Value corners =
        run(
            "Resize",
            Map.of("mode", text("linear"), "coordinate_transformation_mode", text("align_corners")),
            floats(shape(1, 1, 1, 2), 0, 3),
            Value.UNKNOWN,
            scales);
    assertThat(corners.data()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void slicesGoBackwardsToo() {
    Value x = floats(shape(4), 0, 1, 2, 3);
    Value back =
        run(
            "Slice",
            Map.of(),
            x,
            Value.integers(-1),
            Value.integers(Long.MIN_VALUE),
            Value.integers(0),
            Value.integers(-2));
    assertThat(back.data()).containsExactly(3, 1);
    Value rest = run("Slice", Map.of(), x, Value.integers(2), Value.integers(Long.MAX_VALUE));
    assertThat(rest.data()).containsExactly(2, 3);
  }

  @Test
  void reshapeKeepsZerosAndFillsMinusOne() {
    Value y = run("Reshape", Map.of(), Value.shaped(Onnx.FLOAT, 2, 3, 4), Value.integers(0, -1));
    assertThat(y.shape()).containsExactly(2, 12);
  }

  @Test
  void reductionsOverAxes() {
    Value x = floats(shape(2, 3), 1, 2, 3, 4, 5, 6);
    Map<String, Attribute> axis =
        Map.of(
            "axes",
            new Attribute(0, 0, "", new long[] {1}, new float[0], null, false),
            "keepdims",
            integer(0));
    assertThat(run("ReduceMean", axis, x).data()).containsExactly(2, 5);
    assertThat(run("ReduceMax", axis, x).data()).containsExactly(3, 6);
    assertThat(run("ArgMax", Map.of("axis", integer(0), "keepdims", integer(0)), x).data())
        .containsExactly(1, 1, 1);
    assertThat(run("GlobalMaxPool", Map.of(), x.reshaped(1, 2, 3)).data()).containsExactly(3, 6);
  }

  @Test
  void integersDivideTowardsZeroAndFloatsDoNot() {
    Value seven = new Value(Onnx.INT64, shape(1), new double[] {-7});
    Value two = new Value(Onnx.INT64, shape(1), new double[] {2});
    assertThat(run("Div", Map.of(), seven, two).data()).containsExactly(-3);
    assertThat(run("Mod", Map.of(), seven, two).data()).containsExactly(1);
    assertThat(run("Div", Map.of(), floats(shape(1), -7), floats(shape(1), 2)).data())
        .containsExactly(-3.5);
  }

  @Test
  void einsumSumsOverMissingLetters() {
    Value a = floats(shape(2, 2), 1, 2, 3, 4);
    Value b = floats(shape(2, 2), 1, 0, 1, 1);
    assertThat(run("Einsum", Map.of("equation", text("ij,jk->ik")), a, b).data())
        .containsExactly(3, 2, 7, 4);
    assertThat(run("Einsum", Map.of("equation", text("ij,kj->ki")), a, b).data())
        .containsExactly(1, 3, 3, 7);
  }

  @Test
  void depthBecomesSpaceInBothOrders() {
    Value x = floats(shape(1, 4, 1, 1), 1, 2, 3, 4);
    assertThat(run("DepthToSpace", Map.of("blocksize", integer(2)), x).data())
        .containsExactly(1, 2, 3, 4);
    Value two = floats(shape(1, 8, 1, 1), 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(run("DepthToSpace", Map.of("blocksize", integer(2)), two).data())
        .containsExactly(1, 3, 5, 7, 2, 4, 6, 8); // DCR: block before channel
    assertThat(
            run("DepthToSpace", Map.of("blocksize", integer(2), "mode", text("CRD")), two).data())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void softmaxBeforeOpset13FlattensFromItsAxis() {
    Node node = new Node("", "Softmax", "", List.of("x"), List.of("y"), Map.of("axis", integer(1)));
    Value x = floats(shape(1, 2, 2), 0, 0, 0, 0);
    Value[] old = Operators.apply(node, new Value[] {x}, 11);
    Value[] now = Operators.apply(node, new Value[] {x}, 13);
    assertThat(old == null ? null : old[0].data()).containsOnly(0.25);
    assertThat(now == null ? null : now[0].data()).containsOnly(0.5);
  }

  @Test
  void paddingReflectsAndRepeats() {
    Value x = floats(shape(3), 1, 2, 3);
    Value pads = Value.integers(2, 1);
    assertThat(run("Pad", Map.of("mode", text("reflect")), x, pads).data())
        .containsExactly(3, 2, 1, 2, 3, 2);
    assertThat(run("Pad", Map.of("mode", text("edge")), x, pads).data())
        .containsExactly(1, 1, 1, 2, 3, 3);
    assertThat(run("Pad", Map.of(), x, pads, floats(shape(1), 9)).data())
        .containsExactly(9, 9, 1, 2, 3, 9);
  }
}
