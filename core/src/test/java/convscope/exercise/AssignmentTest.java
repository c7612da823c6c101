package convscope.exercise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {
  private static final Assignment SHARED =
      Assignment.of("title=Week%203&due=2027-01-15&seed=w3&items=output-size:1:2,output-size:3");
  private static final Assignment OWN = Assignment.of("seed=w3&each=on&items=output-size:1:2");

  @Test
  void anAssignmentsQueryReadsBackAsIt() {
    assertThat(Assignment.of(SHARED.query())).isEqualTo(SHARED);
    assertThat(SHARED.title()).isEqualTo("Week 3");
    assertThat(SHARED.tasks("")).hasSize(3);
    assertThat(SHARED.hints()).isTrue();
    assertThat(Assignment.of("hints=off&items=output-size").hints()).isFalse();
    Assignment odd =
        Assignment.of("title=%C3%9Cbung%20%26%20mehr%20%F0%9F%8E%93&items=output-size");
    assertThat(odd.title()).isEqualTo("Übung & mehr 🎓");
    assertThat(Assignment.of(odd.query())).isEqualTo(odd);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "items=",
        "items=pool",
        "items=output-size:9",
        "items=output-size:1:0",
        "items=output-size:1:61",
        "items=output-size:x",
        "items=output-size:1:40,output-size:1:40"
      })
  void whatSetsNothingTooMuchOrWhatThereIsNotIsRefused(String query) {
    assertThatThrownBy(() -> Assignment.of(query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(assignment|exercise): .*");
  }

  @Test
  void aClassHasOneSetOfNumbersOrEachStudentOnesOwnWhateverTheBlanksAndCapitals() {
    assertThat(SHARED.tasks("Ada")).isEqualTo(SHARED.tasks("Bo"));
    assertThat(OWN.tasks("Ada Lovelace")).isNotEqualTo(OWN.tasks("Bo"));
    assertThat(OWN.tasks(" ada  LOVELACE ")).isEqualTo(OWN.tasks("Ada Lovelace"));
    assertThat(OWN.tasks("   ")).isEqualTo(OWN.tasks(""));
    assertThat(SHARED.tasks("").get(0).seed()).isNotEqualTo(SHARED.tasks("").get(1).seed());
  }

  private static HandIn work(Assignment assignment, String name, int rightOnes) {
    List<HandIn.Work> works = new ArrayList<>();
    for (Assignment.Task task : assignment.tasks(name)) {
      Question question = task.question();
      Map<String, String> answers =
          works.size() < rightOnes
              ? Oracles.answers(Exercises.get(task.exercise()), question)
              : Map.of(question.parts().get(0).param().name(), "1");
      works.add(new HandIn.Work(answers, 2, 1));
    }
    return new HandIn(assignment.query(), name, works);
  }

  @Test
  void whatIsHandedInReadsBackAsFileAndAsCodeEvenWrappedByAMail() {
    HandIn in = work(OWN, "Zoë Ångström 🎓", 1);
    assertThat(HandIn.read(in.file())).isEqualTo(in);
    assertThat(HandIn.read(in.code())).isEqualTo(in);
    assertThat(in.code()).matches("convscope1\\.[A-Za-z0-9_-]+");
    assertThat(HandIn.read("  " + in.code().replaceAll("(.{70})", "$1\r\n") + "\n")).isEqualTo(in);
  }

  @Test
  void aChangedTruncatedOrForeignFileIsNamedAsWhatItIs() {
    String file = work(OWN, "Ada", 0).file();
    assertThatThrownBy(() -> HandIn.read(file.replace("Ada", "Bob")))
        .hasMessageContaining("changed");
    assertThatThrownBy(() -> HandIn.read(file.replace("\"attempts\":2", "\"attempts\":1")))
        .hasMessageContaining("changed");
    assertThatThrownBy(() -> HandIn.read(file.replace("\"answers\":{", "\"answers\":[{")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HandIn.read(file.replaceAll("\"works\":.*\\]", "\"works\":7")))
        .hasMessageContaining("changed");
    assertThatThrownBy(() -> HandIn.read(file.replace("\"version\":1", "\"version\":2")))
        .hasMessageContaining("another version");
    String code = work(OWN, "Ada", 0).code();
    for (int length = 12; length < code.length(); length += 7) {
      String part = code.substring(0, length);
      assertThatThrownBy(() -> HandIn.read(part)).hasMessageContaining("breaks off");
      String half = file.substring(0, Math.min(length, file.length() - 1));
      assertThatThrownBy(() -> HandIn.read(half)).hasMessageContaining("breaks off");
    }
    for (String foreign : new String[] {"", "hello", "{\"a\": 1}", "[1]", "null", "name,points"}) {
      assertThatThrownBy(() -> HandIn.read(foreign))
          .hasMessageContaining("not work that was handed in");
    }
  }

  @Test
  void everyAnswerIsComputedAgainFromTheSeedsAndTroubleChangesNothing() {
    Grades grades = new Grades(OWN);
    grades.add("ada.json", work(OWN, "Ada", 2).file());
    grades.add("bo.json", work(OWN, "Bo", 1).code());
    // Bo's work under another name: the numbers are not hers
    HandIn bo = work(OWN, "Bo", 2);
    grades.add("eve.json", new HandIn(bo.assignment(), "Eve", bo.works()).file());
    grades.add("ada again.json", work(OWN, "Ada", 2).file());
    grades.add("other.json", work(SHARED, "Cy", 3).file());
    grades.add("cut.json", work(OWN, "Di", 2).file().substring(0, 90));
    grades.add("letter.txt", "Dear teacher");
    assertThat(grades.rows()).extracting(Grades.Row::name).containsExactly("Ada", "Bo", "Eve");
    assertThat(grades.rows().get(0).total()).isEqualTo(grades.total()).isEqualTo(2);
    assertThat(grades.rows().get(1).total()).isEqualTo(1);
    assertThat(grades.rows().get(2).total()).isLessThan(2);
    assertThat(grades.troubles())
        .extracting(Grades.Trouble::source)
        .containsExactly("ada again.json", "other.json", "cut.json", "letter.txt");
    assertThat(grades.troubles().get(1).text()).contains("another assignment");
  }

  @Test
  void theTableIsCsvThatNoSpreadsheetTakesForAFormula() {
    Grades grades = new Grades(OWN).add("a,b.json", work(OWN, "=SUM(A1:A9) \"Al\"", 2).file());
    assertThat(grades.csv())
        .startsWith("Name,Points,Of,Percent,Attempts,Hints,\"1 Output size, level 1\"")
        .contains("\"'=SUM(A1:A9) \"\"Al\"\"\",2,2,100,4,2,1,1,\"a,b.json\"\r\n");
  }

  @Test
  void twoHundredStudentsAreGraded() {
    Assignment big = Assignment.of("seed=x&each=on&items=output-size:1:5,output-size:3:5");
    Grades grades = new Grades(big);
    for (int n = 0; n < 200; n++) {
      grades.add("f" + n, work(big, "student " + n, n % 11).file());
    }
    assertThat(grades.troubles()).isEmpty();
    assertThat(grades.rows()).hasSize(200);
    for (int n = 0; n < 200; n++) {
      assertThat(grades.rows().get(n).total()).isBetween(n % 11, 10);
    }
  }
}
