package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
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
              stacks("stack", "2-2-2")
                  .option("own", "My own")
                  .label("Dilations D")
                  .symbol("D")
                  .group("Window")
                  .help("Of three layers, the one next to the input first."),
              stacks("against", "1-2-3").label("Compared with").symbol("D"),
              Param.integer("kernel", 3).range(2, 5).label("Kernel K").symbol("w"),
              own("first", 1).label("First D"),
              own("second", 2).label("Second D"),
              own("third", 6).label("Third D"),
              Param.flag("mistake")
                  .label("Take the field for what is read")
                  .group("Show")
                  .help("The common mistake: counts every cell of the field as seen."))
          .stage(290, 390);

  private static ChoiceParam stacks(String name, String fallback) {
    ChoiceParam choice = Param.choice(name, fallback);
    for (String rates : List.of("1-1-1", "2-2-2", "3-3-3", "1-2-3", "1-2-4", "1-2-5", "2-4-8")) {
      choice.option(rates, rates.replace("-", ", "));
    }
    return choice;
  }

  private static IntParam own(String name, int fallback) {
    return Param.integer(name, fallback).range(1, 9).symbol("D").onlyWith("stack", "own");
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("K_{'eff'} = D(k − 1) + 1", "K:kernel:e", "k:kernel:w:K");
  }

  /** The dilations of a stack, from the input on. */
  private static int[] rates(Values values, String name) {
    String choice = values.choice(name);
    return choice.equals("own")
        ? new int[] {values.integer("first"), values.integer("second"), values.integer("third")}
        : new int[] {choice.charAt(0) - '0', choice.charAt(2) - '0', choice.charAt(4) - '0'};
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int kernel = values.integer("kernel");
    for (String name : List.of("stack", "against")) {
      int field = Dilated.field(kernel, rates(values, name));
      if (field > LARGEST_FIELD) {
        String sees = kernel + " with these dilations sees " + Num.size(field, field);
        String remedy = "; lower the kernel or a dilation";
        String most = " cells, and the figure draws at most " + LARGEST_FIELD;
        return new Problem(name, "Dilation: kernel " + sees + most + remedy);
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
    int layers = result.stack().rates().length;
    return Steps.of(layers + 2, layers); // the output, a layer a step, and the output beside it
  }

  @Override
  public Figure figure(Dilated result, View view) {
    return new DilationFigure(result, view).figure();
  }

  @Override
  public Answers answers(Dilated result) {
    Dilated.Stack stack = result.stack();
    int last = stack.rates().length;
    return Answers.of("field", stack.size(last))
        .and("holes", stack.holes(last))
        .and("whole", stack.holes(last) == 0 ? stack.size(last) : 0)
        .and("below", Dilated.field(result.kernel(), stack.rates()[0], stack.rates()[1]));
  }

  @Override
  public Map<String, String> facts() {
    Dilated shown = shown();
    Dilated.Stack stack = shown.stack();
    Dilated.Stack other = shown.against();
    int kernel = shown.kernel();
    int rate = stack.rates()[0];
    int last = stack.rates().length;
    int side = Dilated.span(kernel, rate);
    return Map.ofEntries(
        Map.entry("kernel", Num.count(kernel)),
        Map.entry("rate", Num.count(rate)),
        Map.entry("rates", stack.names()),
        Map.entry("example", DilationFigure.effective(kernel, rate).line()),
        Map.entry("weights", Num.count(kernel * kernel)),
        Map.entry("full", Num.count(side * side)),
        Map.entry("size", Num.count(stack.size(last))),
        Map.entry("field", Num.size(stack.size(last), stack.size(last))),
        Map.entry("cells", Num.count(stack.cells(last))),
        Map.entry("read", Num.count(stack.read(last))),
        Map.entry("holes", Num.count(stack.holes(last))),
        Map.entry("other", other.names()),
        Map.entry("otherHoles", Num.count(other.holes(last))),
        Map.entry("otherField", Num.size(other.size(last), other.size(last))),
        Map.entry("aspp", Num.count(Dilated.span(3, 18))));
  }
}
