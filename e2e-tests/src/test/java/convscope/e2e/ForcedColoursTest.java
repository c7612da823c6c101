package convscope.e2e;

import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the system forces its colours on pages, a drawing says what it says elsewhere. */
class ForcedColoursTest extends SiteTest {
  @Test
  void whatDiffersOrIsSeenInOurColoursDiffersAndIsSeenInForcedOnes() {
    List<String> faults = new ArrayList<>();
    for (Topic<?> topic : Topics.figures()) {
      faults.addAll(faults(topic.slug(), ""));
    }
    faults.addAll(faults("aliasing", "?input=photo-camera"));
    faults.addAll(faults("effective-receptive-field", "?input=photo-camera"));
    assertThat(faults).isEmpty();
  }

  private List<String> faults(String slug, String query) {
    Page page =
        newPage(
            new Browser.NewContextOptions()
                .setForcedColors(ForcedColors.ACTIVE)
                .setViewportSize(1000, 900));
    page.navigate(site().strict.url() + "embed/" + slug + ".html" + query);
    ready(page, slug);
    List<String> faults = new ArrayList<>();
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
      page.emulateMedia(
          new Page.EmulateMediaOptions()
              .setColorScheme(scheme)
              .setForcedColors(ForcedColors.ACTIVE));
      Object forced = page.evaluate(LOOKS);
      page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.NONE));
      Object ours = page.evaluate(LOOKS);
      for (Object fault : (List<?>) page.evaluate(COMPARE, List.of(ours, forced))) {
        faults.add(slug + query + ", " + scheme + ": " + fault);
      }
    }
    page.context().close();
    return faults;
  }

  /**
   * Of each shape: how to call it, what it may be compared with, and its colours over its ground.
   */
  private static final String LOOKS =
      """
      async () => {
        const root = document.querySelector('conv-scope').shadowRoot;
        const svg = root.querySelector(`.composition.${root.querySelector('.drawing').dataset.show} svg`);
        root.querySelectorAll('*').forEach(e => e.getAnimations().forEach(a => a.finish()));
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        const context = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
        const over = (ground, colour, alpha) => {
          context.globalAlpha = 1; context.fillStyle = ground; context.fillRect(0, 0, 1, 1);
          if (colour !== 'none') { context.globalAlpha = alpha; context.fillStyle = colour; context.fillRect(0, 0, 1, 1); }
          return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const ground = getComputedStyle(root.querySelector('.figure')).backgroundColor;
        const role = e => ['input', 'kernel', 'output', 'gradient', 'padding', 'neutral'].find(r => e.closest('.' + r)) ?? '';
        const told = e => {
          const text = e.closest('.cell')?.querySelector('text');
          const style = text && getComputedStyle(text);
          const whole = e.closest('.cell')?.getAttribute('aria-label') ?? ''; // of a number that is rounded in its cell, told on pointing
          return text ? { text: `${text.textContent} ${whole}`, how: `${style.fill} ${style.fontWeight}` } : { text: '', how: '' };
        };
        const group = e => (e.closest('[data-k]')?.dataset.k ?? '').split('/')[0];
        const shapes = [...svg.querySelectorAll('rect, path, circle, polygon, line')].map(e => {
          const style = getComputedStyle(e);
          const pale = Number(style.opacity) * [...function*() { for (let up = e.parentElement; up !== svg; up = up.parentElement) yield Number(getComputedStyle(up).opacity); }()].reduce((a, b) => a * b, 1);
          const fill = over(ground, e.localName === 'line' ? 'none' : style.fill, Number(style.fillOpacity) * pale);
          const stroke = over(ground, parseFloat(style.strokeWidth) > 0 ? style.stroke : 'none', Number(style.strokeOpacity) * pale);
          const kind = [e.localName, role(e), group(e), e.closest('.negative') ? 'negative' : '', [...e.classList].filter(c => /bar|track|dot|window|frame|tint/.test(c)).join('.')].join(' ');
          return { name: `${kind} ${e.closest('[data-k]')?.dataset.k ?? ''} ${e.closest('.cell')?.getAttribute('class') ?? ''}`, kind, told: told(e), fill, stroke, dashes: style.strokeDasharray };
        });
        const bars = [...svg.querySelectorAll('.bars .cell')].map(e => ['.bar, .dot', '.track'].map(s => over(ground, getComputedStyle(e.querySelector(s)).fill, 1)));
        const words = [...svg.querySelectorAll('text')].filter(e => e.getClientRects().length).map(e => {
          const rect = e.closest('.cell')?.querySelector('rect');
          const under = rect ? over(ground, getComputedStyle(rect).fill, Number(getComputedStyle(rect).fillOpacity)) : over(ground, 'none', 1);
          return { text: e.textContent, ink: over(ground, getComputedStyle(e).fill, 1), under };
        });
        const images = [...svg.parentElement.querySelectorAll('canvas')].map(c => {
          const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);
          return new Set(new Uint32Array(data.buffer)).size;
        });
        return { ground: over(ground, 'none', 1), shapes, bars, words, images };
      }""";

  private static final String COMPARE =
      """
      ([ours, forced]) => {
        const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
        const seen = (look, shape) => Math.max(contrast(look.ground, shape.fill), contrast(look.ground, shape.stroke));
        const faults = new Set();
        const kinds = new Map();
        ours.shapes.forEach((shape, i) => {
          const there = forced.shapes[i];
          if (seen(ours, shape) > 1.25 && seen(forced, there) < 1.15) faults.add(`unseen: ${shape.name}`);
          const known = kinds.get(shape.kind) ?? kinds.set(shape.kind, []).get(shape.kind);
          for (const j of known) {
            const other = ours.shapes[j];
            const that = forced.shapes[j];
            if (contrast(shape.fill, other.fill) > 1.3 && there.told.text === that.told.text && there.told.how === that.told.how
                && contrast(there.fill, that.fill) < 1.15 && contrast(there.stroke, that.stroke) < 1.15 && there.dashes === that.dashes) {
              faults.add(`alike: ${shape.name} and ${other.name}`);
            }
          }
          if (known.length < 60) known.push(i);
        });
        forced.bars.forEach(([bar, track], i) => {
          if (contrast(bar, track) < 3) faults.add(`bar ${i} is hidden in its track`);
          if (contrast(bar, forced.ground) < 3) faults.add(`bar ${i} is hidden in the ground`);
        });
        for (const { text, ink, under } of forced.words) {
          if (contrast(ink, under) < 4.5) faults.add(`“${text}” cannot be read`);
        }
        forced.images.forEach((colours, i) => {
          if (colours === 1 && ours.images[i] > 1) faults.add(`image ${i} has lost its colours`);
        });
        return [...faults].slice(0, 12);
      }""";
}
