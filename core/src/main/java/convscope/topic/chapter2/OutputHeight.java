package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.Pair;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.4: how many windows fit, solved for any quantity and under every convention. */
public final class OutputHeight implements Topic<OutputSize> {
  private static final String[] FREE_PADDING = {"floor", "ceil", "transposed"};
  private static final PairParam SIZE =
      Param.pair("size", 8, 7)
          .range(1, 16)
          .label("Input size")
          .symbol("x")
          .onlyWith("unknown", without(Unknown.IN));
  private static final PairParam KERNEL =
      Param.pair("kernel", 3, 3)
          .range(1, 7)
          .label("Kernel K")
          .symbol("w")
          .onlyWith("unknown", without(Unknown.KERNEL));
  private static final IntParam STRIDE =
      Param.integer("stride", 2)
          .range(1, 4)
          .label("Stride S")
          .symbol("S")
          .onlyWith("unknown", without(Unknown.STRIDE, Unknown.PADDING_STRIDE));
  private static final IntParam PADDING =
      Param.integer("padding", 1)
          .range(0, 4)
          .label("Padding P")
          .symbol("P")
          .onlyWith("unknown", without(Unknown.PADDING, Unknown.PADDING_STRIDE))
          .onlyWith("convention", FREE_PADDING);
  private static final IntParam DILATION =
      Param.integer("dilation", 1)
          .range(1, 3)
          .label("Dilation D")
          .symbol("D")
          .onlyWith("unknown", without(Unknown.DILATION));

  private static final Head HEAD =
      Head.of(
          "output-height",
          "Output size calculator",
          unknowns(),
          conventions(),
          SIZE,
          KERNEL,
          STRIDE,
          PADDING,
          DILATION,
          Param.integer("output-padding", 0)
              .range(0, 3)
              .label("Output padding OP")
              .symbol("OP")
              .onlyWith("convention", "transposed"),
          Param.pair("out", 4, 4)
              .range(1, 32)
              .label("Wanted output")
              .symbol("y")
              .onlyWith("unknown", without(Unknown.OUT)),
          Param.integer("solution", 1)
              .range(1, 64)
              .label("Draw solution no.")
              .onlyWith("unknown", without(Unknown.OUT)),
          Param.choice("view", "scatter")
              .option("scatter", "Scatter copies of the kernel")
              .option("zeros", "Insert zeros and slide")
              .option("matrix", "Matrix T(w)ᵀ")
              .label("Seen as")
              .onlyWith("convention", "transposed"),
          Param.choice("axis", "height")
              .option("height", "Height")
              .option("width", "Width")
              .label("Along the")
              .onlyWith("convention", "transposed"),
          mistakes());

  private static ChoiceParam unknowns() {
    ChoiceParam choice = Param.choice("unknown", "out").label("Solve for");
    for (Unknown unknown : Unknown.values()) {
      choice.option(unknown.text(), unknown.label());
    }
    return choice;
  }

  private static ChoiceParam conventions() {
    ChoiceParam choice = Param.choice("convention", "floor").label("Convention");
    for (Convention convention : Convention.values()) {
      choice.option(convention.text(), convention.label());
    }
    return choice;
  }

  private static ChoiceParam mistakes() {
    ChoiceParam choice =
        Param.choice("mistake", "none")
            .label("Mistake")
            .help("A well-known slip, and the window that shows that it is one.");
    for (Mistake mistake : Mistake.values()) {
      choice.option(mistake.text(), mistake.label());
    }
    return choice;
  }

  /** The names of all unknowns but these. */
  private static String[] without(Unknown... left) {
    List<String> names = new ArrayList<>();
    for (Unknown unknown : Unknown.values()) {
      names.add(unknown.text());
    }
    for (Unknown unknown : left) {
      names.remove(unknown.text());
    }
    return names.toArray(new String[0]);
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
    Geometry given = geometry(values);
    Unknown unknown = Unknown.of(values.choice("unknown"));
    if (unknown == Unknown.OUT) {
      String text = given.problem();
      return text == null ? null : new Problem(blamed(given), text);
    }
    if (search(values, given, unknown) != null) {
      return null;
    }
    String text = given.problem();
    return new Problem(
        blamed(given), text == null ? "No " + unknown.label() + " in its range fits" : text);
  }

  /** The parameter whose control shows a problem. */
  private static String blamed(Geometry given) {
    int most = Math.max(given.stride(), given.dilation()) - 1;
    return given.convention() == Convention.TRANSPOSED
        ? given.outputPadding() > most ? "output-padding" : "padding"
        : "kernel";
  }

  @Override
  public OutputSize compute(Values values, Given handed) {
    Geometry given = geometry(values);
    Unknown unknown = Unknown.of(values.choice("unknown"));
    Search search = unknown == Unknown.OUT ? null : search(values, given, unknown);
    Geometry drawn = search == null ? given : search.drawn();
    Transposed example =
        drawn.convention() == Convention.TRANSPOSED
            ? Transposed.of(values.choice("axis").equals("height") ? drawn.height() : drawn.width())
            : null;
    return new OutputSize(values, search, drawn, drawn.run(), example);
  }

  @Override
  public Steps steps(OutputSize result) {
    Transposed example = result.example();
    int count =
        example == null
            ? result.out().height() * result.out().width()
            : TransposedFigure.steps(result, example);
    return new Steps(count, count * 2 / 5, Math.max(1, count / 100));
  }

  @Override
  public Figure figure(OutputSize result, View view) {
    Transposed example = result.example();
    return example == null
        ? new OutputHeightFigure(result, view).figure()
        : new TransposedFigure(result, example, view).figure();
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return Notes.notEditable();
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    OutputSize shown = compute(schema().defaults(), Given.NOTHING);
    facts.put("in", shown.drawn().in().toString());
    facts.put("height", Notes.number(shown.height().in()));
    facts.put("width", Notes.number(shown.width().in()));
    facts.put("kernel", Notes.number(shown.height().kernel()));
    facts.put("stride", Notes.number(shown.height().stride()));
    facts.put("padding", Notes.number(shown.height().padding()));
    facts.put("out", shown.out().toString());
    facts.put("outHeight", Notes.number(shown.out().height()));
    facts.put("steps", Derivation.heightHtml(shown));
    facts.put(
        "dropped",
        Notes.places(shown.height(), shown.height().reach(), shown.height().end(), "row"));
    facts.put("withoutOne", Notes.number(shown.height().wrong(Mistake.PLUS_ONE)));
    facts.put("code", code(shown));
    facts.put("sameRelation", Derivation.relation(Convention.SAME).inline());
    facts.put("transposedRelation", Derivation.relation(Convention.TRANSPOSED).display());
    Axis dilated = new Axis(Convention.FLOOR, 8, 3, 2, 1, 2, 0);
    facts.put("dilated", Notes.number(dilated.out()));
    facts.put("dilatedWrong", Notes.number(dilated.wrong(Mistake.DILATION)));
    Axis up = new Axis(Convention.TRANSPOSED, 4, 3, 2, 1, 1, 0);
    Axis more = new Axis(Convention.TRANSPOSED, 4, 3, 2, 1, 1, 1);
    facts.put("upsampled", Notes.number(up.out()));
    facts.put("upsampledMore", Notes.number(more.out()));
    Axis stem = new Axis(Convention.FLOOR, 224, 7, 2, 3, 1, 0);
    Axis pool = new Axis(Convention.FLOOR, stem.out(), 3, 2, 1, 1, 0);
    facts.put("resnetStem", Notes.number(stem.out()));
    facts.put("resnetPool", Notes.number(pool.out()));
    facts.put("resnetDropped", Notes.places(stem, stem.reach(), stem.end(), "row"));
    Axis alex = new Axis(Convention.FLOOR, 224, 11, 4, 0, 1, 0);
    facts.put("alexExact", Num.decimal(alex.room() / 4.0 + 1, 2));
    facts.put("alexFloor", Notes.number(alex.out()));
    facts.put("alexPadded", Notes.number(new Axis(Convention.FLOOR, 224, 11, 4, 2, 1, 0).out()));
    return facts;
  }

  private static String code(OutputSize size) {
    Geometry drawn = size.drawn();
    return "conv = torch.nn.Conv2d(1, 1, kernel_size="
        + drawn.kernel().height()
        + ", stride="
        + drawn.stride()
        + ", padding="
        + drawn.padding()
        + ")\ny = conv(torch.zeros(1, 1, "
        + drawn.in().height()
        + ", "
        + drawn.in().width()
        + "))\nassert y.shape[2:] == ("
        + size.out().height()
        + ", "
        + size.out().width()
        + ")";
  }

  private static Geometry geometry(Values values) {
    Convention convention = Convention.of(values.choice("convention"));
    return new Geometry(
        convention,
        values.pair("size"),
        values.pair("kernel"),
        values.integer("stride"),
        convention.choosesPadding() ? values.integer("padding") : 0,
        values.integer("dilation"),
        convention == Convention.TRANSPOSED ? values.integer("output-padding") : 0);
  }

  /** Tries the unknown's whole range; null if nothing in it fits. */
  private static @Nullable Search search(Values values, Geometry given, Unknown unknown) {
    Pair wanted = values.pair("out");
    int number = values.integer("solution");
    return switch (unknown) {
      case IN -> Search.of(given, unknown, wanted, SIZE.min(), SIZE.max(), 0, number);
      case KERNEL -> Search.of(given, unknown, wanted, KERNEL.min(), KERNEL.max(), 0, number);
      case STRIDE -> Search.of(given, unknown, wanted, STRIDE.min(), STRIDE.max(), 0, number);
      case DILATION -> Search.of(given, unknown, wanted, DILATION.min(), DILATION.max(), 0, number);
      case PADDING, PADDING_STRIDE ->
          Search.of(given, unknown, wanted, PADDING.min(), PADDING.max(), STRIDE.max(), number);
      case OUT -> null;
    };
  }
}
