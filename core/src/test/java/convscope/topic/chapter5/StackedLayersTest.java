package convscope.topic.chapter5;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.net.Layer;
import convscope.net.Presets;
import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.SvgWriter;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StackedLayersTest {
  private static final StackedLayers TOPIC = new StackedLayers();

  private static Values values(String... pairs) {
    Values values = TOPIC.schema().defaults();
    for (int i = 0; i < pairs.length; i += 2) {
      values = values.with(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  private static StackedFields fields(String... pairs) {
    return TOPIC.compute(values(pairs), Given.NOTHING).fields();
  }

  private static long last(StackedFields fields) {
    return fields.field(fields.depth()).size();
  }

  @Test
  void theFirstStackSeesFourteenPositions() {
    StackedFields fields = fields();
    assertThat(fields.fields())
        .extracting(ReceptiveField::size)
        .containsExactly(1L, 3L, 5L, 6L, 10L, 14L);
    assertThat(fields.fields())
        .extracting(ReceptiveField::jump)
        .containsExactly(1., 1., 1., 2., 2., 2.);
    assertThat(fields.start(5)).isEqualTo("0.5");
    for (int layer = 1; layer <= 5; layer++) {
      assertThat(fields.reached(layer)).isEqualTo((int) fields.field(layer).size());
      assertThat(fields.noneOutside(layer)).isTrue();
    }
  }

  @Test
  void twoThreesSeeWhatOneFiveSeesWithFewerWeights() {
    StackedFields two = fields("stack", "conv3,conv3");
    StackedFields one = fields("stack", "conv5");
    assertThat(last(two)).isEqualTo(last(one)).isEqualTo(5);
    assertThat(two.weights()).isEqualTo(2 * 9 * 64 * 64);
    assertThat(one.weights()).isEqualTo(25 * 64 * 64).isEqualTo(two.oneLayer());
    assertThat(two.weights()).isLessThan(one.weights());
  }

  /** The 5 × 5 kernel is the full convolution of the two: one scattered by the other. */
  @Test
  void twoThreesWithNothingBetweenThemAreOneFive() {
    Rng rng = new Rng(1);
    Tensor x = rng.gaussian(1, 1, 1, 12, 11);
    Tensor first = rng.gaussian(1, 1, 1, 3, 3);
    Tensor second = rng.gaussian(1, 1, 1, 3, 3);
    Conv2d.Spec three = Conv2d.Spec.of(3, 3);
    Tensor twice = Conv2d.forward(Conv2d.forward(x, first, null, three), second, null, three);
    Tensor merged = ConvTranspose2d.forward(first, second, null, ConvTranspose2d.Spec.of(three));
    Tensor once = Conv2d.forward(x, merged, null, Conv2d.Spec.of(5, 5));
    assertThat(once.minus(twice).largestSize()).isLessThan(1e-5f);
  }

  /** The editable presets end where the whole networks do. */
  @Test
  void presetsSeeWhatIsPublishedOfTheirNetworks() {
    assertThat(last(fields("stack", StackedLayers.VGG, "size", "224"))).isEqualTo(212);
    StackedFields resnet = fields("stack", StackedLayers.RESNET, "size", "224");
    assertThat(last(resnet)).isEqualTo(483);
    assertThat(resnet.field(resnet.depth()).jump()).isEqualTo(32);
    assertThat(resnet.sizes()[resnet.depth()]).isEqualTo(7);
    Map<String, String> facts = TOPIC.facts();
    assertThat(facts).containsEntry("vgg", "212").containsEntry("resnet", "483");
    assertThat(facts).containsEntry("torchvision", "427");
    ReceptiveField stem = ReceptiveField.of(Presets.resNet50().subList(0, 4), true);
    assertThat(stem).isNotNull();
    assertThat(stem.size()).isEqualTo(resnet.field(2).size());
  }

  @Test
  void everyPresetFitsOnceItIsChosen() {
    Values start = TOPIC.schema().defaults();
    convscope.param.StackParam param = (convscope.param.StackParam) TOPIC.schema().param("stack");
    assertThat(param.presets()).hasSizeGreaterThan(5);
    for (String text : param.presets().values()) {
      Values chosen = TOPIC.change(start, null, "stack", text);
      assertThat(TOPIC.check(chosen, Given.NOTHING)).as(text).isNull();
      assertThat(chosen.plain("stack")).isEqualTo(text);
    }
    assertThat(TOPIC.change(start, null, "stack", StackedLayers.VGG).integer("size"))
        .isEqualTo(224);
    assertThat(TOPIC.change(start, null, "stack", "conv5").integer("size")).isEqualTo(20);
  }

  @Test
  void forgettingTheJumpIsRightOnlyWithoutStrides() {
    assertThat(fields().wrong(5, "jump")).isEqualTo(10);
    assertThat(fields().wrong(2, "jump")).isEqualTo(5);
    String caption =
        TOPIC
            .figure(TOPIC.compute(values("mistake", "jump"), Given.NOTHING), view(4, ""))
            .caption();
    assertThat(caption).contains("but the gradient reaches 14 positions");
    caption =
        TOPIC
            .figure(TOPIC.compute(values("mistake", "jump"), Given.NOTHING), view(1, ""))
            .caption();
    assertThat(caption).contains("right by luck");
    assertThat(fields("stack", "conv3,conv3").wrong(2, "sum")).isEqualTo(6);
  }

  private static View view(int step, String pick) {
    return new View(step, pick, TOPIC.head().wide());
  }

  @Test
  void pointingAtAUnitShowsWhatThatOneSees() {
    StackedLayers.Shown shown = TOPIC.compute(TOPIC.schema().defaults(), Given.NOTHING);
    String caption = TOPIC.figure(shown, view(4, "u3/0,0")).caption();
    assertThat(caption)
        .contains("unit 0 sees")
        .contains("positions −2 to 3; 2 of them are padding");
    assertThat(TOPIC.figure(shown, view(4, "u3/0,99")).caption())
        .isEqualTo(TOPIC.figure(shown, view(4, "")).caption());
  }

  /** The stops of a handle in the figure's drawing, each a place and a stack. */
  private static List<String[]> stops(String handle, int step, String... pairs) {
    StackedLayers.Shown shown = TOPIC.compute(values(pairs), Given.NOTHING);
    String svg = SvgWriter.write(TOPIC.figure(shown, view(step, "")).scene(), "");
    int at = svg.indexOf("data-k=\"stack/" + handle + "\"");
    if (at < 0) {
      return List.of();
    }
    int from = svg.indexOf("data-stops=\"", at) + "data-stops=\"".length();
    List<String[]> stops = new ArrayList<>();
    for (String stop : svg.substring(from, svg.indexOf('"', from)).split("\\|")) {
      stops.add(stop.split(" "));
    }
    return stops;
  }

  @Test
  void theEndOfWhatALayerReadsPullsItsKernelAndItsNameMovesTheLayer() {
    List<String[]> kernel = stops("kernel2", 1, "stack", "conv3,conv5s2,pool2");
    assertThat(kernel).hasSize(11);
    assertThat(kernel.get(0)[1]).isEqualTo("conv3,conv1s2,pool2");
    assertThat(kernel.get(6)[1]).isEqualTo("conv3,conv7s2,pool2");
    for (int n = 1; n < kernel.size(); n++) {
      assertThat(Double.parseDouble(kernel.get(n)[0]) - Double.parseDouble(kernel.get(n - 1)[0]))
          .as("far enough apart for a hand")
          .isGreaterThanOrEqualTo(5.9);
    }
    assertThat(stops("kernel3", 1, "stack", "conv3,conv5s2,pool2"))
        .as("the cone begins at layer 2")
        .isEmpty();
    assertThat(stops("order1", 1, "stack", "conv3,conv5s2,pool2"))
        .extracting(stop -> stop[1])
        .containsExactly("conv3,conv5s2,pool2", "conv5s2,conv3,pool2", "conv5s2,pool2,conv3");
  }

  @Test
  void whatTheInputHasNoRoomForIsNoStop() {
    assertThat(stops("kernel1", 0, "stack", "conv3p0,pool2", "size", "6"))
        .extracting(stop -> stop[1])
        .containsExactly(
            "conv1,pool2", "conv2,pool2", "conv3p0,pool2", "conv4p0,pool2", "conv5p0,pool2");
    assertThat(stops("order1", 0, "stack", "conv3")).as("nothing to move it past").isEmpty();
  }

  @Test
  void dilationLeavesHolesThatTheGradientFinds() {
    StackedFields fields = fields("stack", "conv3d2,conv3d4", "size", "32");
    assertThat(last(fields)).isEqualTo(13);
    assertThat(fields.reached(2)).isEqualTo(7);
    assertThat(fields.check(2))
        .endsWith(
            "reaches 7 of the 13 input positions in its field and none outside: the field has holes.");
  }

  @Test
  void aStackTooDeepForItsInputIsRefusedInTheOperatorsWords() {
    Problem problem = TOPIC.check(values("stack", "pool2,pool2,pool2", "size", "4"), Given.NOTHING);
    assertThat(problem)
        .isEqualTo(
            new Problem(
                "stack",
                "layer 3 of 3, MaxPool2d: kernel 2 (dilation 1) exceeds padded input 1; raise padding to 1"
                    + " or use kernel ≤ 1"));
  }

  @Test
  void theEquationSubstitutesTheLayersNumbers() {
    StackedFields fields = fields();
    String live = StackedLayers.live(fields, 5).line().replaceAll("<[^>]*>", "");
    assertThat(live).isEqualTo("r5=14=10+1(3−1)·2");
    List<Layer> none = List.of();
    assertThat(ReceptiveField.of(none, true)).isSameAs(ReceptiveField.INPUT);
    assertThat(Num.count(fields.oneLayer())).isEqualTo("802,816");
  }
}
