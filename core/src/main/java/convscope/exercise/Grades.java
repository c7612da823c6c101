package convscope.exercise;

import java.util.ArrayList;
import java.util.List;

/**
 * The grading of what many students handed in to one assignment: every answer is computed again
 * from the seeds, whatever the files say of it.
 */
public final class Grades {
  /**
   * A student's.
   *
   * @param source the file it came in
   * @param points by question
   */
  public record Row(
      String name, String source, List<Integer> points, int total, int attempts, int hints) {}

  /** What could not be graded, and why. */
  public record Trouble(String source, String text) {}

  private final Assignment assignment;
  private final List<Integer> most = new ArrayList<>(); // by question
  private final List<String> titles = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final List<Trouble> troubles = new ArrayList<>();

  public Grades(Assignment assignment) {
    this.assignment = assignment;
    for (Assignment.Task task : assignment.tasks("")) {
      most.add(task.question().parts().size());
      titles.add(Exercises.get(task.exercise()).title() + ", level " + task.level());
    }
  }

  /** Grades a file or a code; one that is damaged, foreign or a second copy is noted instead. */
  public Grades add(String source, String text) {
    try {
      HandIn in = HandIn.read(text);
      if (!in.assignment().equals(assignment.query())) {
        throw new IllegalArgumentException("it belongs to another assignment");
      }
      List<Assignment.Task> tasks = assignment.tasks(in.name());
      if (in.works().size() != tasks.size()) {
        throw new IllegalArgumentException(
            "it has " + in.works().size() + " of " + tasks.size() + " questions");
      }
      for (Row row : rows) {
        if (row.name().equals(in.name())) {
          throw new IllegalArgumentException(
              in.name() + " is already graded, from " + row.source() + "; this one is left out");
        }
      }
      rows.add(row(in, source, tasks));
    } catch (IllegalArgumentException e) {
      troubles.add(new Trouble(source, String.valueOf(e.getMessage())));
    }
    return this;
  }

  private static Row row(HandIn in, String source, List<Assignment.Task> tasks) {
    List<Integer> points = new ArrayList<>();
    int total = 0;
    int attempts = 0;
    int hints = 0;
    for (int n = 0; n < tasks.size(); n++) {
      HandIn.Work work = in.works().get(n);
      int got = Verdict.of(tasks.get(n).question(), work.answers()).points();
      points.add(got);
      total += got;
      attempts += work.attempts();
      hints += work.hints();
    }
    return new Row(in.name(), source, points, total, attempts, hints);
  }

  public List<Row> rows() {
    return List.copyOf(rows);
  }

  public List<Trouble> troubles() {
    return List.copyOf(troubles);
  }

  /** What each question asks. */
  public List<String> titles() {
    return List.copyOf(titles);
  }

  /** The points that there are, by question. */
  public List<Integer> most() {
    return List.copyOf(most);
  }

  public int total() {
    return most.stream().mapToInt(Integer::intValue).sum();
  }

  /** The table as comma-separated values (RFC 4180), a row for each student. */
  public String csv() {
    StringBuilder out = new StringBuilder("Name,Points,Of,Percent,Attempts,Hints");
    for (int n = 0; n < titles.size(); n++) {
      out.append(',').append(field((n + 1) + " " + titles.get(n)));
    }
    out.append(",File\r\n");
    for (Row row : rows) {
      out.append(field(row.name())).append(',').append(row.total()).append(',').append(total());
      out.append(',').append((200 * row.total() + total()) / (2 * total()));
      out.append(',').append(row.attempts()).append(',').append(row.hints());
      row.points().forEach(points -> out.append(',').append(points));
      out.append(',').append(field(row.source())).append("\r\n");
    }
    return out.toString();
  }

  /**
   * A field in quotes; one that a spreadsheet would take for a formula begins with an apostrophe.
   */
  private static String field(String text) {
    boolean formula = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0;
    return "\"" + (formula ? "'" : "") + text.replace("\"", "\"\"") + "\"";
  }
}
