package convscope.topic.chapter2;

import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.3: the taps spread, the parameters stay, and a stack of equal dilations leaves holes. */
public final class Dilation implements Topic<Dilated> {
  private static final int LARGEST_FIELD = 49; // rows and columns that can still be drawn

  private static final Head HEAD =
      Head.of(
          "dilation",
          "Spread taps and their holes",
          Param.integer("kernel", 3).range(2, 5).label("Kernel K").symbol("w"),
          stacks("stack", "2-2-2")
              .option("own", "My own")
              .label("Dilations D")
              .symbol("D")
              .help("Of three layers, the one next to the input first."),
          stacks("against", "1-2-3").label("Compared with").symbol("D"),
          own("first", 1).label("First D"),
          own("second", 2).label("Second D"),
          own("third", 6).label("Third D"),
          Param.flag("mistake")
              .label("Take the field for what is read")
              .help("The common mistake: counts every cell of the field as seen."));

  private static ChoiceParam stacks(String name, String fallback) {
    return Param.choice(name, fallback)
        .option("1-1-1", "1, 1, 1")
        .option("2-2-2", "2, 2, 2")
        .option("3-3-3", "3, 3, 3")
        .option("1-2-3", "1, 2, 3")
        .option("1-2-4", "1, 2, 4")
        .option("1-2-5", "1, 2, 5")
        .option("2-4-8", "2, 4, 8");
  }

  private static IntParam own(String name, int fallback) {
    return Param.integer(name, fallback).range(1, 9).symbol("D").onlyWith("stack", "own");
  }

  @Override
  public Head head() {
    return HEAD;
  }

  /** {@code K_eff = D(K − 1) + 1}. */
  @Override
  public Formula relation() {
    return relation("\u2062");
  }

  static Formula relation(String times) {
    return row(
        sub(sym("K", "e", Role.KERNEL), word("eff")),
        op("="),
        sym("D", Role.NEUTRAL),
        op(times),
        paren(row(sym("K", "w", Role.KERNEL), op("−"), num("1"))),
        op("+"),
        num("1"));
  }

  /** The dilations of a stack, from the input on. */
  private static int[] rates(Values values, String name) {
    String choice = values.choice(name);
    if (choice.equals("own")) {
      return new int[] {values.integer("first"), values.integer("second"), values.integer("third")};
    }
    return new int[] {choice.charAt(0) - '0', choice.charAt(2) - '0', choice.charAt(4) - '0'};
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int kernel = values.integer("kernel");
    for (String name : List.of("stack", "against")) {
      int field = Dilated.field(kernel, rates(values, name));
      if (field > LARGEST_FIELD) {
        return new Problem(
            name,
            "Dilation: kernel "
                + kernel
                + " with these dilations sees "
                + field
                + " × "
                + field
                + " cells, and the figure draws at most "
                + LARGEST_FIELD
                + "; lower the kernel or a dilation");
      }
    }
    return null;
  }

  @Override
  public Dilated compute(Values values, Given given) {
    int kernel = values.integer("kernel");
    return new Dilated(
        kernel,
        Dilated.Stack.of(kernel, rates(values, "stack")),
        Dilated.Stack.of(kernel, rates(values, "against")),
        values.flag("mistake"));
  }

  @Override
  public Steps steps(Dilated result) {
    int count = result.stack().rates().length + 1; // the output alone, then a layer a step
    return new Steps(count, count - 1, 1);
  }

  @Override
  public Figure figure(Dilated result, View view) {
    return new DilationFigure(result, view).figure();
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return Notes.notEditable();
  }

  @Override
  public Map<String, String> facts() {
    Dilated shown = compute(schema().defaults(), Given.NOTHING);
    int last = shown.stack().rates().length;
    int rate = shown.stack().rates()[0];
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("kernel", Notes.number(shown.kernel()));
    facts.put("rate", Notes.number(rate));
    facts.put("example", DilationFigure.effective(shown.kernel(), rate));
    facts.put("weights", Notes.number(shown.kernel() * shown.kernel()));
    facts.put("full", Notes.number(shown.expanded()));
    facts.put("field", shown.stack().size(last) + " × " + shown.stack().size(last));
    facts.put("cells", Notes.number(shown.stack().cells(last)));
    facts.put("read", Notes.number(shown.stack().read(last)));
    facts.put("holes", Notes.number(shown.stack().holes(last)));
    facts.put("other", DilationFigure.rates(shown.against().rates()));
    facts.put("otherHoles", Notes.number(shown.against().holes(last)));
    facts.put("otherField", shown.against().size(last) + " × " + shown.against().size(last));
    facts.put("aspp", Notes.number(Dilated.span(3, 18)));
    facts.put("code", code(shown));
    return facts;
  }

  private static String code(Dilated shown) {
    int last = shown.stack().rates().length;
    int size = shown.stack().size(last);
    int kernel = shown.kernel();
    return "x = torch.zeros(1, 1, "
        + size
        + ", "
        + size
        + ", requires_grad=True)\ny, w = x, torch.ones(1, 1, "
        + kernel
        + ", "
        + kernel
        + ")\nfor d in ("
        + DilationFigure.rates(shown.stack().rates())
        + "):\n    y = torch.nn.functional.conv2d(y, w, dilation=d)\nassert y.shape[2:] == (1, 1)\n"
        + "y.sum().backward()\nassert (x.grad != 0).sum() == "
        + shown.stack().read(last);
  }
}
