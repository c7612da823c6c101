package convscope.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the runner makes of attributes before an operator of windows or space sees them. */
class WindowCasesTest {
  private static final String LINE =
      "{\"name\":\"X\",\"dtype\":\"float32\",\"shape\":[1,1,%d],\"data\":%s}";

  @Test
  void anOutputShapeOfATransposedConvolutionFixesItsPadding() {
    // 3 cells, stride 2, kernel 3: 7 without padding
    assertThat(transpose("\"output_shape\":[6]")).contains("\"data\":[1,3,2,5,3,3]"); // begin 1
    assertThat(transpose("\"output_shape\":[6],\"auto_pad\":\"SAME_UPPER\""))
        .contains("\"data\":[1,1,3,2,5,3]"); // end 1
    assertThat(transpose("\"output_shape\":[8]")).contains("\"data\":[1,1,3,2,5,3,3,0]");
    assertThat(transpose("\"output_shape\":[1,1,7]")).contains("\"data\":[1,1,3,2,5,3,3]");
    assertThat(transpose("\"auto_pad\":\"SAME_LOWER\"")).contains("\"data\":[1,3,2,5,3,3]");
    assertThat(transpose("\"auto_pad\":\"VALID\"")).contains("\"data\":[1,1,3,2,5,3,3]");
    assertThat(transpose("\"output_shape\":[1,2]"))
        .isEqualTo("{\"error\":\"ConvTranspose: output_shape has 2 entries; give 1\"}");
  }

  /** SAME promises in·stride outputs; where the kernel is smaller, padding is negative: it adds. */
  @Test
  void sameOutputsOfATransposedConvolutionWhoseKernelIsSmallerThanItsStrideAreAsManyAsPromised() {
    assertThat(ones(2, "[6,6]", "SAME_UPPER")).contains("\"shape\":[1,1,12,12]");
    String spread = "0,0,0,0,0,1,0,1,0,0,0,0,0,1,0,1"; // each input before the end of its stride
    assertThat(ones(1, "[2,2]", "SAME_UPPER"))
        .contains("\"shape\":[1,1,4,4],\"data\":[" + spread + "]");
    assertThat(ones(1, "[2,2]", "SAME_LOWER"))
        .contains("\"shape\":[1,1,4,4],\"data\":[1,0,1,0,0,0,0,0,1,0,1,0,0,0,0,0]");
    assertThat(ones(1, "[1,2]", "SAME_LOWER")).contains("\"shape\":[1,1,2,4]");
  }

  /** A kernel of ones over 2 × 2 ones. */
  private static String ones(int kernel, String strides, String auto) {
    String tensor =
        "{\"name\":\"X\",\"dtype\":\"float32\",\"shape\":[1,1,%1$d,%1$d],\"data\":[%2$s]}";
    return OpRunner.run(
        "{\"op\":\"ConvTranspose\",\"attributes\":{\"strides\":"
            + strides
            + ",\"auto_pad\":\""
            + auto
            + "\"},\"inputs\":["
            + tensor.formatted(2, "1,1,1,1")
            + ","
            + tensor.formatted(kernel, kernel == 1 ? "1" : "1,1,1,1")
            + "]}");
  }

  private static String transpose(String attributes) {
    return OpRunner.run(
        "{\"op\":\"ConvTranspose\",\"attributes\":{\"strides\":[2],"
            + attributes
            + "},\"inputs\":["
            + LINE.formatted(3, "[1,2,3]")
            + ","
            + LINE.formatted(3, "[1,1,1]")
            + "]}");
  }

  @Test
  void maximaAreCountedDownTheColumnsInStorageOrderOne() {
    String map =
        "{\"op\":\"MaxPool\",\"attributes\":{\"kernel_shape\":[2,2],\"strides\":[1,1],"
            + "\"storage_order\":%d},\"inputs\":[{\"name\":\"X\",\"shape\":[1,2,2,3],"
            + "\"data\":[0,0,0,9,0,9,0,9,0,0,0,8]}]}";
    assertThat(OpRunner.run(map.formatted(0)))
        .contains("\"int64\",\"shape\":[1,2,1,2],\"data\":[3,5,7,7]");
    assertThat(OpRunner.run(map.formatted(1)))
        .contains("\"int64\",\"shape\":[1,2,1,2],\"data\":[1,5,8,8]");
  }

  @Test
  void unpoolingFillsAWantedShapeWithZeros() {
    String unpool =
        "{\"op\":\"MaxUnpool\",\"opset\":22,\"attributes\":{\"kernel_shape\":[2],\"strides\":[2]},"
            + "\"inputs\":["
            + LINE.formatted(2, "[5,6]")
            + ",{\"dtype\":\"int64\",\"shape\":[1,1,2],\"data\":[1,2]},"
            + "{\"dtype\":\"int64\",\"shape\":[3],\"data\":[1,1,%d]}]}";
    assertThat(OpRunner.run(unpool.formatted(5))).contains("\"data\":[0,5,6,0,0]");
    assertThat(OpRunner.run(unpool.formatted(3)))
        .isEqualTo(
            "{\"error\":\"MaxUnpool: output shape 1×1×3 does not hold 1×1×4; give a larger one\"}");
  }

  @Test
  void paddingTakesItsAmountsValueAndAxesFromInputs() {
    String pad =
        "{\"op\":\"Pad\",\"opset\":21,\"attributes\":{},\"inputs\":["
            + LINE.formatted(2, "[5,6]")
            + ",{\"dtype\":\"int64\",\"shape\":[2],\"data\":[1,2]},"
            + "{\"dtype\":\"float32\",\"shape\":[],\"data\":[7]},"
            + "{\"dtype\":\"int64\",\"shape\":[1],\"data\":[%d]}]}";
    assertThat(OpRunner.run(pad.formatted(-1))).contains("\"data\":[7,5,6,7,7]");
    assertThat(OpRunner.run(pad.formatted(3)))
        .isEqualTo("{\"error\":\"Pad: axis 3 of shape 1×1×2; use 0 to 2\"}");
    assertThat(
            OpRunner.run(
                "{\"op\":\"Pad\",\"attributes\":{\"pads\":[1]},\"inputs\":["
                    + LINE.formatted(2, "[5,6]")
                    + "]}"))
        .isEqualTo("{\"error\":\"Pad: pads has 1 entries; give 6\"}");
  }

  @Test
  void resizingKeepsTheAspectRatioIfAskedTo() {
    assertThat(resize("\"sizes\":[4,3],\"keep_aspect_ratio_policy\":\"not_larger\""))
        .contains("\"shape\":[1,1,3,3]");
    assertThat(resize("\"sizes\":[4,3],\"keep_aspect_ratio_policy\":\"not_smaller\""))
        .contains("\"shape\":[1,1,4,4]");
    assertThat(resize("\"scales\":[1.5,2.0]")).contains("\"shape\":[1,1,3,4]");
    assertThat(resize("\"axes\":[3],\"sizes\":[1]")).contains("\"shape\":[1,1,2,1]");
    assertThat(resize("\"axes\":[3],\"sizes\":[1,2]"))
        .isEqualTo("{\"error\":\"Resize: 2 sizes or scales for 1 axes; give one each\"}");
    assertThat(resize("\"sizes\":[0,1]"))
        .isEqualTo("{\"error\":\"Resize: from 2 to 0 cells; use 1 or more for both\"}");
    assertThat(resize("\"mode\":\"nearest\""))
        .isEqualTo("{\"error\":\"Resize: neither sizes nor scales; give one of them\"}");
  }

  private static String resize(String attributes) {
    return OpRunner.run(
        "{\"op\":\"Resize\",\"attributes\":{"
            + attributes
            + "},\"inputs\":[{\"name\":\"X\",\"shape\":[1,1,2,2],\"data\":[1,2,3,4]}]}");
  }

  @Test
  void cropAndResizeReadsARegionAndFillsWhatLiesOutside() {
    String crop =
        "{\"op\":\"Resize\",\"opset\":19,\"attributes\":{\"mode\":\"linear\","
            + "\"coordinate_transformation_mode\":\"tf_crop_and_resize\","
            + "\"extrapolation_value\":9.0},\"inputs\":["
            + LINE.formatted(5, "[0,10,20,30,40]")
            + ",{\"dtype\":\"float32\",\"shape\":[6],\"data\":[0,0,%s,1,1,%s]},null,"
            + "{\"dtype\":\"int64\",\"shape\":[3],\"data\":[1,1,%d]}]}";
    assertThat(OpRunner.run(crop.formatted("0.25", "0.75", 3))).contains("\"data\":[10,20,30]");
    assertThat(OpRunner.run(crop.formatted("0.5", "1.5", 3))).contains("\"data\":[20,40,9]");
    assertThat(OpRunner.run(crop.formatted("0", "0.5", 1))).contains("\"data\":[10]");
  }

  @Test
  void columnsMustMakeBlocksOfOneOrTwoAxes() {
    String col2im =
        "{\"op\":\"Col2Im\",\"attributes\":{\"image_shape\":%s,\"block_shape\":%s},\"inputs\":["
            + "{\"name\":\"input\",\"shape\":[1,2,2],\"data\":[1,2,3,4]}]}";
    assertThat(OpRunner.run(col2im.formatted("[3]", "[2]"))).contains("\"data\":[1,5,4]");
    assertThat(OpRunner.run(col2im.formatted("[3]", "[3]")))
        .isEqualTo("{\"error\":\"Col2Im: 2 rows do not make blocks of 3; give a multiple of 3\"}");
    assertThat(OpRunner.run(col2im.formatted("[3]", "[1,2]")))
        .isEqualTo(
            "{\"error\":\"Col2Im: image and block differ in their number of axes; give one size per"
                + " axis\"}");
    assertThat(OpRunner.run(col2im.formatted("[3,3,3]", "[1,1,1]")))
        .isEqualTo("{\"error\":\"Col2Im: image of 3 spatial axes; give 1 or 2\"}");
  }

  @Test
  void poolingWithoutAKernelIsRefused() {
    assertThat(OpRunner.run("{\"op\":\"MaxPool\",\"inputs\":[" + LINE.formatted(2, "[5,6]") + "]}"))
        .isEqualTo(
            "{\"error\":\"MaxPool: kernel_shape is missing; give one entry per spatial axis\"}");
  }
}
