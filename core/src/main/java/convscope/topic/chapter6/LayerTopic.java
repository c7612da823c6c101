package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.topic.EditableTopic;
import convscope.topic.Listing;
import convscope.topic.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the topics of a layer's three gradients have in common: {@link Layers} and their facts. */
interface LayerTopic<R extends EditableTopic.Shown> extends EditableTopic<R> {
  @Override
  default List<String> needs(Values values) {
    return Layers.needs(values);
  }

  @Override
  default @Nullable Problem check(Values values, Given given) {
    return Layers.check(values);
  }

  /** The values at which the digit reader's layer is on show. */
  default Values digit() {
    return schema().defaults().with("layer", "digit");
  }

  /**
   * Facts of a layer, of the digit reader's and of their losses, and some more.
   *
   * @param shown what the defaults give
   */
  default Map<String, String> facts(R shown, Layer layer, Layer digit, Map<String, String> more) {
    View last = new View(layer.outputs() * layer.g().dim(0) - 1, "", head().wide());
    Map<String, String> facts = new HashMap<>(more);
    facts.put("example", figure(shown, last).equation());
    facts.put("g", Listing.tensor("g", layer.g()));
    facts.put("loss", Num.value(layer.loss()));
    facts.put("after", Num.value(layer.after()));
    facts.put("digitLoss", Num.value(digit.loss()));
    facts.put("digitAfter", Num.value(digit.after()));
    return facts;
  }
}
