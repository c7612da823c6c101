package convscope.e2e;

/** The main path again, in Firefox. */
class FirefoxTest extends EngineTest {
  @Override
  protected Browsers.Kind kind() {
    return Browsers.Kind.FIREFOX;
  }
}
