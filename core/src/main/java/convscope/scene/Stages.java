package convscope.scene;

import java.util.ArrayList;
import java.util.List;

/**
 * Frames around the stages of a drawing, of which one is marked as the present one. Each is a cell
 * {@code key/0,n}: pointing at it, the reader may have it explained; a click or Enter takes the
 * figure to step n. To be added below what it frames.
 */
public final class Stages implements Mark {
  /** One frame; its place is known once its content is placed. */
  private static final class Frame implements Box {
    private final Box content;
    private final double pad;
    private final Role role;
    private final String spoken;
    private double x;
    private double y;

    Frame(Box content, double pad, Role role, String spoken) {
      this.content = content;
      this.pad = pad;
      this.role = role;
      this.spoken = spoken;
    }

    @Override
    public double width() {
      return content.width() + 2 * pad;
    }

    @Override
    public double height() {
      return content.height() + 2 * pad;
    }

    @Override
    public void place(Scene scene, double left, double top) {
      x = left;
      y = top;
      content.place(scene, left + pad, top + pad);
    }
  }

  private final String key;
  private final int now;
  private final int picked;
  private final List<Frame> frames = new ArrayList<>();

  /**
   * @param now the stage that is marked
   * @param picked the one that is explained; the same unless the reader points at another
   */
  public Stages(String key, int now, int picked) {
    this.key = key;
    this.now = now;
    this.picked = picked;
  }

  /** The next stage's frame around this content. */
  public Box frame(Box content, double pad, Role role, String spoken) {
    Frame frame = new Frame(content, pad, role, spoken);
    frames.add(frame);
    return frame;
  }

  /** What each frame holds. */
  @Override
  public void tell(Twin twin) {
    for (Frame frame : frames) {
      twin.say(frame.spoken);
    }
  }

  @Override
  public void write(Markup out) {
    out.open("g").attr("class", "grid stages").attr("data-k", key);
    out.attr("role", "grid").attr("aria-label", "stages").open("g").attr("role", "row");
    for (int n = 0; n < frames.size(); n++) {
      Frame frame = frames.get(n);
      out.open("g")
          .attr(
              "class",
              "cell stage " + frame.role.css() + (n == now ? " now" : n == picked ? " aimed" : ""));
      out.attr("data-k", key + "/0," + n).attr("data-step", String.valueOf(n));
      out.attr("role", "gridcell").attr("aria-label", frame.spoken + (n == now ? ", shown" : ""));
      out.open("rect").attr("x", frame.x).attr("y", frame.y).attr("rx", 8);
      out.attr("width", frame.width()).attr("height", frame.height()).closeEmpty();
      out.close();
    }
    out.close().close();
  }
}
