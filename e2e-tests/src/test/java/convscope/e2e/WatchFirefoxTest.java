package convscope.e2e;

/** The watch again, in Firefox, which reports in another way. */
class WatchFirefoxTest extends WatchTest {
  @Override
  protected Browsers.Kind kind() {
    return Browsers.Kind.FIREFOX;
  }
}
