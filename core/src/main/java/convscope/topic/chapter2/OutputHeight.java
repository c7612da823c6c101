package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Window;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.4: how many windows fit, solved for any quantity and under every convention. */
public final class OutputHeight implements Topic<OutputSize> {
  private static final Head HEAD =
      Head.of(
              "output-height",
              "Output size calculator",
              pair("kernel", 3, 3, Unknown.KERNEL).symbol("w").group("Window"),
              step(Unknown.STRIDE, 2, Unknown.PADDING_STRIDE),
              step(Unknown.PADDING, 1, Unknown.PADDING_STRIDE)
                  .onlyWith("convention", "floor", "ceil", "transposed"),
              step(Unknown.DILATION, 1, Unknown.DILATION),
              Param.choice("convention", "floor")
                  .options(Convention.values(), rule -> rule.label)
                  .label("Convention"),
              Param.integer("output-padding", 0)
                  .range(0, 3)
                  .label("Output padding OP")
                  .symbol("OP")
                  .onlyWith("convention", "transposed"),
              pair("size", 8, 7, Unknown.IN).symbol("x").group("Input"),
              Param.choice("unknown", "out")
                  .options(Unknown.values(), unknown -> unknown.label)
                  .label("Solve for")
                  .group("Show"),
              pair("out", 4, 4, Unknown.OUT).label("Wanted output").symbol("y"),
              Param.integer("solution", 1)
                  .range(1, 64)
                  .label("Draw solution no.")
                  .onlyWith("unknown", Unknown.without(Unknown.OUT)),
              Param.choice("view", "scatter")
                  .option("scatter", "Scatter copies of the kernel")
                  .option("zeros", "Insert zeros and slide")
                  .option("matrix", "Matrix T(w)ᵀ")
                  .label("Seen as")
                  .onlyWith("convention", "transposed"),
              Param.choice("axis", "height")
                  .option("height", "Height")
                  .option("width", "Width")
                  .label("Along the"),
              Param.choice("mistake", "none")
                  .options(Mistake.values(), mistake -> mistake.label)
                  .label("Mistake")
                  .help("A well-known slip, and the window that shows that it is one."))
          .stage(400, 400);

  private static PairParam pair(String name, int height, int width, Unknown unknown) {
    return Param.pair(name, height, width)
        .range(unknown.least, unknown.most)
        .label(unknown.label)
        .onlyWith("unknown", Unknown.without(unknown));
  }

  private static IntParam step(Unknown unknown, int fallback, Unknown also) {
    return Param.integer(ChoiceParam.text(unknown), fallback)
        .range(unknown.least, unknown.most)
        .label(unknown.label)
        .symbol(unknown.letters)
        .onlyWith("unknown", Unknown.without(unknown, also));
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Derivation.relation(Convention.FLOOR);
  }

  @Override
  public @Nullable Problem check(Values values, Given handed) {
    Geometry given = Geometry.of(values);
    Unknown unknown = values.constant("unknown", Unknown.values());
    String text = given.problem();
    if (unknown != Unknown.OUT && Search.of(values) != null) {
      return null;
    }
    if (unknown != Unknown.OUT && text == null) {
      text = "No " + unknown.words + " in its range fits";
    }
    int most = Math.max(given.stride(), given.dilation()) - 1;
    String blamed =
        given.convention() != Convention.TRANSPOSED
            ? "kernel"
            : given.outputPadding() > most ? "output-padding" : "padding";
    return Problem.of(blamed, text);
  }

  @Override
  public OutputSize compute(Values values, Given handed) {
    Search search = Search.of(values);
    Geometry drawn = search == null ? Geometry.of(values) : search.drawn();
    boolean height = values.choice("axis").equals("height");
    Axis along = height ? drawn.height() : drawn.width();
    return new OutputSize(
        search,
        drawn,
        drawn.run(),
        values.constant("mistake", Mistake.values()),
        height,
        values.choice("view"),
        drawn.convention() == Convention.TRANSPOSED ? Transposed.of(along) : null);
  }

  @Override
  public Steps steps(OutputSize result) {
    int count =
        result.example() == null
            ? result.out().height() * result.out().width()
            : result.way().equals("scatter") ? result.along().in() : result.along().out();
    return Steps.of(count, count * 2 / 5);
  }

  @Override
  public Figure figure(OutputSize result, View view) {
    Transposed example = result.example();
    return example == null
        ? new OutputHeightFigure(result, view).figure()
        : new TransposedFigure(result, example, view).figure();
  }

  @Override
  public Answers answers(OutputSize result) {
    int out = result.height().out();
    return Answers.of("outHeight", out)
        .wrong("outHeight", result.wrong().height())
        .and("keeps", out == result.height().in());
  }

  @Override
  public Map<String, String> facts() {
    OutputSize shown = shown();
    Axis h = shown.height();
    Window up = Window.of(3).stride(2).padding(1);
    Window stem = Window.of(7).stride(2).padding(3);
    Window alex = Window.of(11).stride(4);
    Axis eight = Axis.of(Convention.FLOOR, true, 8, up.dilation(2));
    return Map.ofEntries(
        Map.entry("in", shown.drawn().in().toString()),
        Map.entry("height", Num.count(h.in())),
        Map.entry("width", Num.count(shown.width().in())),
        Map.entry("kernel", Num.count(h.window().kernel())),
        Map.entry("stride", Num.count(h.window().stride())),
        Map.entry("padding", Num.count(h.window().padBefore())),
        Map.entry("out", shown.out().toString()),
        Map.entry("outHeight", Num.count(h.out())),
        Map.entry("outWidth", Num.count(shown.width().out())),
        Map.entry("steps", Derivation.height(h)),
        Map.entry("dropped", h.droppedPlaces()),
        Map.entry("withoutOne", Num.count(h.wrong(Mistake.PLUS_ONE))),
        Map.entry("sameRelation", Derivation.relation(Convention.SAME).inline()),
        Map.entry("transposedRelation", Derivation.relation(Convention.TRANSPOSED).display()),
        Map.entry("dilated", Num.count(eight.out())),
        Map.entry("dilatedWrong", Num.count(eight.wrong(Mistake.DILATION))),
        Map.entry("upsampled", Num.count(up.transposedOut(4, 0))),
        Map.entry("upsampledMore", Num.count(up.transposedOut(4, 1))),
        Map.entry("resnetStem", Num.count(stem.out(224))),
        Map.entry("resnetPool", Num.count(up.out(stem.out(224)))),
        Map.entry("resnetDropped", Axis.of(Convention.FLOOR, true, 224, stem).droppedPlaces()),
        Map.entry("alexExact", Num.value((224 - alex.span()) / (double) alex.stride())),
        Map.entry("alexFloor", Num.count(alex.out(224))),
        Map.entry("alexPadded", Num.count(alex.padding(2).out(224))),
        Map.entry("alexLarger", Num.count(alex.out(227))));
  }
}
