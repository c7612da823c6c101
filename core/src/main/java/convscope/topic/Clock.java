package convscope.topic;

/** Where the time comes from: the browser, the JVM, or a test. */
@FunctionalInterface
public interface Clock {
  /** Milliseconds since some moment, with fractions. */
  double now();
}
