package convscope.topic.chapter7;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import convscope.train.Augmentation;
import java.util.Map;

/** 7.5: what chance does to activations and images in training, and not in evaluation. */
public final class DropoutAugmentation implements EditableTopic<Varied> {
  private static final int MAX_INPUT = 10;
  private static final int FIRST = 9;
  private static final double WHITE = 255;
  private static final double DARKEST = 16; // of a digit

  private static final ChoiceParam INPUT = ImageInput.choice("digit-3").group("Image");
  private static final ChoiceParam SECOND =
      Inputs.pictures(Inputs.patterns("second", "digit-1"))
          .label("Mixed with")
          .onlyWith("mode", "mixup");

  private static final Head HEAD =
      Head.of(
              "dropout-augmentation",
              "What chance does in training",
              Param.choice("mode", "dropout")
                  .option("dropout", "Dropout")
                  .option("flip", "Flip")
                  .option("crop", "Crop")
                  .option("shift", "Shift")
                  .option("rotate", "Rotate")
                  .option("cutout", "Cutout")
                  .option("mixup", "Mixup")
                  .label("What varies")
                  .group("Chance"),
              Param.number("p", 0.5)
                  .range(0, 0.9)
                  .label("Dropped p")
                  .symbol("p")
                  .onlyWith("mode", "dropout"),
              Param.choice("phase", "train")
                  .option("train", "Training")
                  .option("eval", "Evaluation")
                  .label("Mode"),
              percent("crop", 75, 25, "Crop keeps, %"),
              percent("shift", 25, 0, "Shift up to, %"),
              Param.integer("rotate", 30)
                  .range(0, 180)
                  .label("Turn up to, °")
                  .onlyWith("mode", "rotate"),
              percent("cutout", 50, 0, "Square, %"),
              Param.number("alpha", 1)
                  .range(0.1, 4)
                  .label("Beta’s α")
                  .symbol("α")
                  .onlyWith("mode", "mixup"),
              Param.integer("seed", 7).range(1, 99).label("Seed"),
              INPUT,
              ImageInput.size(8, MAX_INPUT),
              SECOND,
              Param.mistake("Two slips of homemade dropout.")
                  .option("unscaled", "No 1/(1 − p)")
                  .option("eval", "Left on in evaluation")
                  .onlyWith("mode", "dropout")
                  .group("Show"),
              ImageInput.numbers(MAX_INPUT))
          .stage(430, 400);

  private static Param<?> percent(String mode, int usual, int least, String label) {
    return Param.integer(mode, usual).range(least, 100).label(label).onlyWith("mode", mode);
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of(
        "y = frac{m ⊙ x}{1 − p}, 'P'(m=0) = p, 'E'[y] = x", "m:kernel:m", "p:neutral");
  }

  @Override
  public Varied compute(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    boolean dropout = values.choice("mode").equals("dropout");
    String mode = values.choice("mode");
    double side = Math.max(input.height(), input.width());
    Varied varied =
        new Varied(
            input,
            mode,
            values.choice("phase").equals("eval"),
            dropout ? values.choice("mistake") : "none",
            second(values, given, input),
            new String[] {
              name(INPUT, values.choice("input")), name(SECOND, values.choice("second"))
            },
            values.number("p"),
            new Augmentation(
                mode.equals("shift") ? values.integer("shift") / 100.0 * side : 0,
                mode.equals("rotate") ? values.integer("rotate") : 0,
                0,
                mode.equals("cutout") ? (int) (values.integer("cutout") / 100.0 * side) : 0,
                mode.equals("flip"),
                values.number("alpha")),
            values.integer("crop") / 100.0,
            values.integer("seed"),
            new double[Varied.STEPS]);
    for (int step = 0; dropout && step < Varied.STEPS; step++) {
      varied.all()[step] = varied.output(step).mean();
    }
    return varied;
  }

  /** The image to mix with, brought to the size and the scale of the first. */
  private static Tensor second(Values values, Given given, ImageInput input) {
    ImageInput other = ImageInput.of(values.with("input", values.choice("second")), given);
    double white = input.picture() == null ? DARKEST : WHITE;
    double own = other.picture() == null ? DARKEST : WHITE;
    Tensor second = Tensor.zeros(input.x().shape());
    for (int n = 0; n < second.size(); n++) {
      int row = n / input.width() * other.height() / input.height();
      int column = n % input.width() * other.width() / input.width();
      second.data()[n] = (float) (other.at(row, column) * white / own);
    }
    return second;
  }

  private static String name(ChoiceParam choice, String value) {
    for (ChoiceParam.Option option : choice.options()) {
      if (option.value().equals(value)) {
        return value.equals(Inputs.OWN) ? "Your image" : option.label();
      }
    }
    return value;
  }

  @Override
  public Steps steps(Varied result) {
    return Steps.of(Varied.STEPS, FIRST);
  }

  @Override
  public Figure figure(Varied result, View view) {
    return new DropoutAugmentationFigure(result, view).figure();
  }

  @Override
  public Answers answers(Varied result) {
    return Answers.of("factor", 1 / (1 - result.p())).and("spread", result.spread(1));
  }

  @Override
  public Map<String, String> facts() {
    Varied shown = shown();
    Values values = schema().defaults();
    int last = Varied.STEPS - 1;
    Varied unscaled = compute(values.with("mistake", "unscaled"), Given.NOTHING);
    Varied mixed = compute(values.with("mode", "mixup"), Given.NOTHING);
    double weight = mixed.weight(FIRST);
    Formula mix =
        Formula.of(
            "y = λx + (1−λ)x^′, 'label' = λ · 'label'_x + (1−λ) · 'label'_{x^′}", "λ:neutral");
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("mix", mix.display()),
        Map.entry("x", Listing.tensor("x", shown.x())),
        Map.entry("p", Num.value(shown.p())),
        Map.entry("mean", Num.value(shown.x().mean())),
        Map.entry("first", Num.count(FIRST + 1)),
        Map.entry("firstMean", Num.value(shown.averaged(FIRST))),
        Map.entry("firstSpread", Num.value(shown.spread(FIRST + 1))),
        Map.entry("last", Num.count(last + 1)),
        Map.entry("lastMean", Num.value(shown.averaged(last))),
        Map.entry("lastSpread", Num.value(shown.spread(last + 1))),
        Map.entry("shrunk", Num.value(unscaled.averaged(last))),
        Map.entry("weight", Num.value(weight)),
        Map.entry("rest", Num.value(1 - weight)),
        Map.entry("one", mixed.names()[0]),
        Map.entry("other", mixed.names()[1]));
  }
}
