package convscope.exercise;

import java.util.List;

/** Every exercise of the course, in its order. */
public final class Exercises {
  private static final List<Exercise> ALL =
      List.of(
          new CrossCorrelation1d(),
          new OutputSize(),
          new ConvParameters(),
          new DenseVsConv(),
          new Pooling(),
          new StackField(),
          new SeparableParameters(),
          new Im2colMatrix(),
          new ResidualOutput(),
          new DebuggingChecklist());

  private Exercises() {}

  public static List<Exercise> all() {
    return ALL;
  }

  /** The exercise of that name, which must exist. */
  public static Exercise get(String slug) {
    StringBuilder known = new StringBuilder();
    for (Exercise exercise : ALL) {
      if (exercise.slug().equals(slug)) {
        return exercise;
      }
      known.append(known.isEmpty() ? "" : ", ").append(exercise.slug());
    }
    throw new IllegalArgumentException("exercise: there is no “" + slug + "”; use one of " + known);
  }
}
