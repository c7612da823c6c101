package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import convscope.topic.Course;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SearchIndexTest {
  @Test
  void otherNamesBelongToTopicsOrChaptersOfThePlan() throws IOException {
    Set<String> plan = new HashSet<>();
    for (Course.Chapter chapter : Course.chapters()) {
      plan.add(chapter.slug().substring(chapter.slug().indexOf('-') + 1));
      chapter.entries().forEach(entry -> plan.add(entry.slug()));
    }
    String table = Files.readString(Path.of("../static/search.json"));
    assertThat(plan).containsAll(Json.parse(table).asObject().names());
  }
}
