package convscope.site;

import convscope.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What each topic costs: its lines of Java, its share of its chapter's module, and its prose. A
 * file of a chapter's package belongs to the topic that alone leads to it, by the names that stand
 * in the sources; one to which several lead is the chapter's. The share of the module is that of
 * the topic's lines in the chapter's: an estimate, since the compiler mixes classes.
 */
final class TopicLines {
  private final Path java;
  private final Path content;
  private final Map<String, Integer> lines = new LinkedHashMap<>(); // by class, of one package
  private final Map<String, Set<String>> uses = new LinkedHashMap<>();

  /**
   * @param java the folder of the package {@code convscope} in the core's sources
   * @param content the folder of the prose
   */
  TopicLines(Path java, Path content) {
    this.java = java;
    this.content = content;
  }

  /** The table, a line for each topic of each module and one for what they share. */
  String table(List<EngineModule> modules, Path wasm) throws IOException {
    StringBuilder out = new StringBuilder("Lines of Java, share of the module, words of prose\n");
    int all = 0;
    for (EngineModule module : modules) {
      Topic<?> first = module.topics().get(0);
      read(
          java.resolve(
              first.getClass().getPackageName().replace("convscope.", "").replace('.', '/')));
      long bytes = Files.size(wasm.resolve(module.asset()));
      int whole = lines.values().stream().mapToInt(Integer::intValue).sum();
      Set<String> topics = new TreeSet<>();
      module.topics().forEach(topic -> topics.add(topic.getClass().getSimpleName()));
      Map<String, Set<String>> led = new LinkedHashMap<>();
      for (Topic<?> topic : module.topics()) {
        for (String file : reached(topic.getClass().getSimpleName(), topics)) {
          led.computeIfAbsent(file, name -> new TreeSet<>()).add(topic.slug());
        }
      }
      int own = 0;
      for (Topic<?> topic : module.topics()) {
        int count = 0;
        for (Map.Entry<String, Set<String>> file : led.entrySet()) {
          count +=
              file.getValue().equals(Set.of(topic.slug()))
                  ? lines.getOrDefault(file.getKey(), 0)
                  : 0;
        }
        own += count;
        out.append(
            "  %-28s %5d lines %7d bytes (estimated) %5d words%n"
                .formatted(topic.slug(), count, bytes * count / whole, words(topic.slug())));
      }
      out.append(
          "  %-28s %5d lines shared, %d in all, module of %d bytes%n"
              .formatted(module.name(), whole - own, whole, bytes));
      all += module.name().startsWith("chapter") ? whole : 0;
    }
    return out.append("  all chapters: %d lines of Java".formatted(all)).toString();
  }

  private void read(Path folder) throws IOException {
    lines.clear();
    uses.clear();
    Map<String, String> texts = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        texts.put(name, Files.readString(file));
        lines.put(name, (int) texts.get(name).lines().count());
      }
    }
    texts.forEach(
        (name, text) -> {
          Set<String> used = new LinkedHashSet<>();
          for (String other : texts.keySet()) {
            if (Pattern.compile("\\b" + Pattern.quote(other) + "\\b").matcher(text).find()) {
              used.add(other);
            }
          }
          uses.put(name, used);
        });
  }

  /** The files of the package to which a topic leads, itself included, but no other topic. */
  private Set<String> reached(String name, Set<String> topics) {
    Set<String> reached = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(name));
    while (!open.isEmpty()) {
      String next = open.pop();
      if ((next.equals(name) || !topics.contains(next)) && reached.add(next)) {
        open.addAll(new ArrayList<>(uses.getOrDefault(next, Set.of())));
      }
    }
    return reached;
  }

  private int words(String slug) throws IOException {
    Path prose = content.resolve(slug + ".html");
    return Files.exists(prose)
        ? Files.readString(prose).replaceAll("<[^>]*>", " ").trim().split("\\s+").length
        : 0;
  }
}
