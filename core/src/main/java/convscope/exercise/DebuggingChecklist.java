package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.diagnose.ActivationStatistics;
import convscope.diagnose.Evaluation;
import convscope.exercise.BrokenNetwork.Findings;
import convscope.exercise.CheckPlan.Check;
import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
import convscope.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broken network: the order of the checks, and the bug that explains what they found. The checks
 * are really run, and a network is drawn again until their findings rule out every other bug.
 */
final class DebuggingChecklist implements Exercise {
  private static final List<String> NAMES = BrokenNetwork.NAMES;
  private static final List<Integer> SUSPECTS = List.of(4, 7, 9); // of the faults, by level

  @Override
  public String slug() {
    return "debugging-checklist";
  }

  @Override
  public String title() {
    return "Debugging checklist";
  }

  @Override
  public String about() {
    return "A network does not do what it should: plan the checks, run them, and name the bug and its layer.";
  }

  /** None yet: the course’s chapter on diagnostics is still to come. */
  @Override
  public String topic() {
    return "";
  }

  @Override
  public List<String> levels() {
    return List.of("Four suspects", "Seven suspects", "Nine suspects");
  }

  @Override
  public Question question(Rng random, int level) {
    List<Fault> suspects = List.of(Fault.values()).subList(0, SUSPECTS.get(level - 1));
    Fault planted = suspects.get(random.nextInt(suspects.size()));
    BrokenNetwork network;
    Findings found;
    do {
      network = BrokenNetwork.of(planted, random);
      found = network.findings(random);
    } while (!conclusive(found, planted));
    List<Check> shown = new ArrayList<>();
    do {
      shown.clear();
      for (int index : random.permutation(Check.values().length)) {
        shown.add(Check.values()[index]);
      }
    } while (shown.get(0) == Check.SHAPES);
    return question(network, found, suspects, shown);
  }

  /** Whether what was found speaks against every bug but this one, in numbers that show it. */
  private static boolean conclusive(Findings found, Fault planted) {
    return Diagnosis.legible(found)
        && Diagnosis.clear(planted, found)
        && Arrays.stream(Fault.values())
            .allMatch(f -> (Diagnosis.against(f, found) == null) == (f == planted));
  }

  private Question question(
      BrokenNetwork network, Findings found, List<Fault> suspects, List<Check> shown) {
    Question question = new Question();
    question.say(
        "A network of two convolutions and a linear layer is to tell three textures apart. {}",
        Diagnosis.symptom(found));
    question.say(
        "First plan the checks. A check comes after the one it rests on; of those that can come next, the cheapest comes first. Costs are counted in runs: one of the three layers, on one image, forward or backward.");
    question.code(CheckPlan.listing(network));
    question.say("Then run the checks on this network, in your order, and name the bug.");
    question.panels(Diagnosis.report(network, found));
    give(question, network, found);
    question.ask(CheckPlan.order(network, shown));
    question.ask(fault(network, found, suspects));
    question.ask(layer(network, found, suspects));
    hints(question, network);
    for (Check check : CheckPlan.ordered(c -> CheckPlan.cost(network, c), true)) {
      question.solve("{}: {run}", check.label, CheckPlan.cost(network, check));
    }
    question.solve("The bug: {} {}", network.fault().label + ".", Diagnosis.tells(network, found));
    for (Fault fault : found.overfit() == null ? List.<Fault>of() : suspects) {
      String against = Diagnosis.against(fault, found);
      if (against != null) {
        question.solve("Not {}: {}", fault.culprit, against);
      }
    }
    return question;
  }

  /** What the oracle may know: what the task shows. */
  private static void give(Question question, BrokenNetwork network, Findings found) {
    question.given("steps", network.steps()).given("epochs", network.epochs());
    question.given("batch", BrokenNetwork.BATCH).given("images", BrokenNetwork.IMAGES);
    question.given("numbers", BrokenNetwork.numbers());
    if (found.bad() >= 0) {
      question.given("stops at", found.bad());
      return;
    }
    question.given(
        "dead",
        Answer.row(found.activations().stream().mapToInt(ActivationStatistics::dead).toArray()));
    question.given("maps", found.activations().get(0).units());
    question.given(
        "backward",
        Answer.row(found.gradients().stream().mapToDouble(g -> g.report().backward()).toArray()));
    question.given(
        "differences",
        Answer.row(found.gradients().stream().mapToDouble(g -> g.report().numeric()).toArray()));
    question.given("moved", Answer.row(found.moved()));
    question.given("repeated", found.repeated()).given("perfect", found.perfect());
    Evaluation first = found.heldOut();
    Evaluation again = found.again();
    if (first != null && again != null) {
      question.given("loss", first.loss()).given("again", again.loss());
      for (int c = 0; c < BrokenNetwork.CLASSES; c++) {
        question.given("taken" + c, Answer.row(first.confusion()[c]));
      }
    }
  }

  private static Part fault(BrokenNetwork network, Findings found, List<Fault> suspects) {
    AnswerParam param = Param.answer("fault", Form.CHOICE).label("The bug");
    suspects.forEach(fault -> param.option(fault.value, fault.label));
    Part part = new Part(param, Answer.of(suspects.indexOf(network.fault())));
    for (Fault fault : suspects) {
      String against = Diagnosis.against(fault, found);
      if (against != null) {
        part.slip("blaming " + fault.culprit, Answer.of(suspects.indexOf(fault)), against);
      }
    }
    return part;
  }

  private static Part layer(BrokenNetwork network, Findings found, List<Fault> suspects) {
    AnswerParam param = Param.answer("layer", Form.CHOICE).label("Where it is");
    for (String name : NAMES.subList(0, BrokenNetwork.NOWHERE)) {
      param.option(name, "In " + name);
    }
    param.option("none", "In no layer: in the loop, the loss or the data");
    Part part = new Part(param, Answer.of(network.where()));
    for (int place = 0; place < NAMES.size(); place++) {
      if (place != network.where()) {
        String name = place == BrokenNetwork.NOWHERE ? "loop, loss or data" : NAMES.get(place);
        part.slip("blaming " + name, Answer.of(place), Diagnosis.elsewhere(network, found, place));
      }
    }
    return part.follows(earlier -> follows(network, suspects, earlier));
  }

  /** A suspect that is in no layer has its place there, even if it is the wrong suspect. */
  private static @Nullable Answer follows(
      BrokenNetwork network, List<Fault> suspects, Map<String, Answer> earlier) {
    Answer chosen = earlier.get("fault");
    Fault fault = chosen == null ? network.fault() : suspects.get((int) chosen.number());
    return fault.local() ? null : Answer.of(BrokenNetwork.NOWHERE);
  }

  private static void hints(Question question, BrokenNetwork network) {
    Check telling =
        switch (network.fault()) {
          case FEATURES -> Check.SHAPES;
          case DEAD -> Check.STATISTICS;
          case SIGN -> Check.GRADIENT;
          case RATE, FROZEN, LEFTOVER, SOFTMAX -> Check.OVERFIT;
          case LABELS, MODE -> Check.GAP;
        };
    question.hints(
        words(
            "Begin with the check that rests on nothing. Then look for the first finding that a sound network would not show."),
        words(
            "The gradient check costs 4 · {} = {run}, the overfit 3 layers · 2 passes · {} images · {step}.",
            BrokenNetwork.numbers(),
            CheckPlan.cost(network, Check.GRADIENT),
            BrokenNetwork.BATCH,
            network.steps()),
        words("The bug shows most clearly in the {}.", CheckPlan.lower(telling)));
  }
}
