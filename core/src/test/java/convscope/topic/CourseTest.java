package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CourseTest {
  private final List<Course.Entry> planned =
      Course.chapters().stream().flatMap(chapter -> chapter.entries().stream()).toList();

  @Test
  void tenChaptersOfFiveTopicsEachUnderItsOwnSlug() {
    assertThat(Course.chapters()).hasSize(10).allMatch(chapter -> chapter.entries().size() == 5);
    assertThat(planned).extracting(Course.Entry::slug).hasSize(50).doesNotHaveDuplicates();
    assertThat(Course.chapters())
        .allMatch(chapter -> chapter.slug().startsWith(chapter.number() + "-"));
  }

  @Test
  void everyTopicIsPlannedOnceUnderItsChapterWithItsTitle() {
    Map<String, String> folders = new HashMap<>();
    Map<String, String> titles = new HashMap<>();
    for (Course.Chapter chapter : Course.chapters()) {
      for (Course.Entry entry : chapter.entries()) {
        folders.put(entry.slug(), "convscope.topic.chapter" + chapter.number());
        titles.put(entry.slug(), entry.title());
      }
    }
    assertThat(Topics.all()).isNotEmpty();
    for (Topic<?> topic : Topics.all()) {
      assertThat(titles).containsEntry(topic.slug(), topic.title());
      assertThat(topic.getClass().getPackageName()).isEqualTo(folders.get(topic.slug()));
    }
  }

  @Test
  void topicsComeInThePlansOrder() {
    List<String> existing =
        planned.stream().filter(Course.Entry::exists).map(Course.Entry::slug).toList();
    assertThat(Topics.all()).extracting(topic -> topic.slug()).containsExactlyElementsOf(existing);
  }
}
