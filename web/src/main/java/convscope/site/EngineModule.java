package convscope.site;

import convscope.topic.Course;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebAssembly module that draws figures: those of one chapter, or those that belong to none.
 *
 * @param name {@code chapter-1}, … or {@code home}
 * @param topics whose figures it draws, in reading order
 */
public record EngineModule(String name, List<Topic<?>> topics) {
  private static final String WITHOUT_CHAPTER = "home";

  private static final List<EngineModule> ALL = group();

  /** The module of the exercises, which draws no figure. */
  public static final EngineModule EXERCISES = new EngineModule("exercises", List.of());

  /** The module of the training lab, which draws no figure either. */
  public static final EngineModule LAB = new EngineModule("lab", List.of());

  /** The module of the workbench: the readers of networks. */
  public static final EngineModule WORKBENCH = new EngineModule("workbench", List.of());

  /** Every module with a figure that exists; each figure is in one of them. */
  public static List<EngineModule> all() {
    return ALL;
  }

  /** The module that draws the topic's figure. */
  public static EngineModule of(Topic<?> topic) {
    return ALL.stream()
        .filter(module -> module.topics.contains(topic))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(topic.slug() + " is not among Topics.figures()"));
  }

  /** Its file's plain name among the site's assets. */
  public String asset() {
    return "engine-" + name + ".wasm";
  }

  /** The same as a script, for pages that may not fetch it. */
  public String script() {
    return "engine-" + name + ".js";
  }

  private static List<EngineModule> group() {
    List<Topic<?>> rest = new ArrayList<>(Topics.figures());
    List<EngineModule> modules = new ArrayList<>();
    for (Course.Chapter chapter : Course.chapters()) {
      if (chapter.exists()) {
        modules.add(new EngineModule("chapter-" + chapter.number(), chapter.topics()));
        rest.removeAll(chapter.topics());
      }
    }
    modules.add(new EngineModule(WITHOUT_CHAPTER, List.copyOf(rest)));
    return List.copyOf(modules);
  }
}
