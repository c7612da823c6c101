package convscope.run;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.engine.Engine;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.net.text.PyTorch;
import convscope.num.Maths;
import convscope.num.Num;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.train.Adam;
import convscope.train.AdamW;
import convscope.train.Learner;
import convscope.train.Loss;
import convscope.train.Optimizer;
import convscope.train.RmsProp;
import convscope.train.Sgd;
import java.util.Set;

/**
 * A training run given as JSON: network, first parameters and optimizer; images and labels follow
 * from formulas. What it gives can be held against another framework's run.
 *
 * <pre>
 *   {"text": "nn.Sequential(…)", "shape": [C, H, W], "classes": k, "parameters": {"0.weight": […]},
 *    "optimizer": {"name": "SGD", "lr": 0.1}, "label_smoothing": 0, "batch": 8, "images": 24,
 *    "steps": 30}  →  {"losses": […], "eval_logits_first_3": […]}
 *
 *   element i of all images   sin(0.37 i + 0.5) + 0.3 cos(2.85 i)
 *   label of image n          (7n + ⌊n/3⌋) mod classes
 *   step s                    images (s · batch) mod images and those after it
 * </pre>
 */
public final class Trajectory {
  private static final int SHOWN = 3; // images whose scores are given

  private Trajectory() {}

  /** The run's losses and last scores, as JSON. */
  public static String run(Engine engine, JsonObject c) {
    JsonArray dims = c.get("shape").asArray();
    Shape image = Shape.of(dims.get(0).asInt(), dims.get(1).asInt(), dims.get(2).asInt());
    Model model = new Model(PyTorch.read(c.getString("text", "")), image);
    for (JsonObject.Member member : c.get("parameters").asObject()) {
      model.set(member.getName(), numbers(member.getValue()));
    }
    int batch = c.getInt("batch", 8);
    int count = c.getInt("images", 24);
    int classes = c.getInt("classes", 2);
    float[] images = new float[count * image.size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) (Maths.sin(0.37 * i + 0.5) + 0.3 * Maths.cos(1.9 * i * 1.5));
    }
    Optimizer optimizer = optimizer(c.get("optimizer").asObject());
    Loss loss = Loss.smoothed(number(c, "label_smoothing", 0));
    Learner learner = new Learner(engine, model, Math.max(batch, SHOWN));
    try {
      StringBuilder reply = new StringBuilder("{\"losses\":[");
      Pass training = new Pass(true, new Rng(1));
      for (int step = 0; step < c.getInt("steps", 30); step++) {
        float[] input = new float[batch * image.size()];
        int[] labels = new int[batch];
        for (int k = 0; k < batch; k++) {
          int n = (step * batch + k) % count;
          System.arraycopy(images, n * image.size(), input, k * image.size(), image.size());
          labels[k] = (7 * n + n / 3) % classes;
        }
        Learner.Outcome outcome =
            learner.loss(input, batch, scores -> loss.of(scores, labels, 1), training);
        reply.append(step == 0 ? "" : ",").append(Num.shortest(outcome.loss()));
        optimizer.step(model.parameters(), learner.gradient());
        learner.upload();
      }
      reply.append("],\"eval_logits_first_3\":[");
      Tensor last = learner.scores(images, SHOWN, Pass.EVALUATION);
      for (int i = 0; i < last.size(); i++) {
        reply.append(i == 0 ? "" : ",").append(Num.shortest(last.data()[i]));
      }
      return reply.append("]}").toString();
    } finally {
      learner.release();
    }
  }

  /** The same bits everywhere, unlike {@code Double.parseDouble} under TeaVM. */
  private static double exact(JsonValue number) {
    return Num.parse(number.toString());
  }

  private static double number(JsonObject from, String name, double otherwise) {
    JsonValue number = from.get(name);
    return number == null ? otherwise : exact(number);
  }

  private static float[] numbers(JsonValue array) {
    JsonArray values = array.asArray();
    float[] numbers = new float[values.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) exact(values.get(i));
    }
    return numbers;
  }

  private static final Set<String> OPTIONS =
      Set.of(
          "name",
          "lr",
          "momentum",
          "dampening",
          "nesterov",
          "weight_decay",
          "betas",
          "eps",
          "amsgrad",
          "alpha",
          "centered");

  /** PyTorch's optimizer of that name with its options. */
  private static Optimizer optimizer(JsonObject options) {
    for (JsonObject.Member member : options) {
      if (!OPTIONS.contains(member.getName())) {
        throw new IllegalArgumentException(
            "Trajectory: unknown option “" + member.getName() + "” of an optimizer; leave it out");
      }
    }
    String name = options.getString("name", "");
    double momentum = number(options, "momentum", 0);
    switch (name) {
      case "SGD":
        return new Sgd(number(options, "lr", 0.001))
            .momentum(momentum)
            .dampening(number(options, "dampening", 0))
            .weightDecay(number(options, "weight_decay", 0))
            .nesterov(options.getBoolean("nesterov", false));
      case "RMSprop":
        return new RmsProp(number(options, "lr", 0.01))
            .alpha(number(options, "alpha", 0.99))
            .epsilon(number(options, "eps", 1e-8))
            .weightDecay(number(options, "weight_decay", 0))
            .momentum(momentum)
            .centred(options.getBoolean("centered", false));
      case "Adam", "AdamW":
        boolean decoupled = name.equals("AdamW");
        double rate = number(options, "lr", 0.001);
        Adam adam = decoupled ? new AdamW(rate) : new Adam(rate);
        JsonValue betas = options.get("betas");
        if (betas != null) {
          adam.betas(exact(betas.asArray().get(0)), exact(betas.asArray().get(1)));
        }
        return adam.epsilon(number(options, "eps", 1e-8))
            .weightDecay(number(options, "weight_decay", decoupled ? 0.01 : 0))
            .amsGrad(options.getBoolean("amsgrad", false));
      default:
        throw new IllegalArgumentException(
            "Trajectory: unknown optimizer “" + name + "”; use SGD, RMSprop, Adam or AdamW");
    }
  }
}
