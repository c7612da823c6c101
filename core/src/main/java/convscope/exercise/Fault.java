package convscope.exercise;

/** A bug that can be planted in a network or its training. */
enum Fault {
  FEATURES("features", "A layer expects another number of inputs than it gets", "the layer sizes"),
  RATE("rate", "The learning rate is far too large", "the learning rate"),
  DEAD("bias", "A layer starts with large negative biases", "the biases"),
  FROZEN("frozen", "A layer has learning rate 0", "a layer’s own learning rate"),
  SIGN("sign", "A layer returns its weights’ gradient with the wrong sign", "the gradient"),
  LEFTOVER("zero-grad", "Gradients are not cleared between steps", "gradients that are left over"),
  SOFTMAX("softmax", "A softmax stands before a loss that has its own", "a second softmax"),
  LABELS("labels", "The training labels are shifted by one class", "the labels"),
  MODE("mode", "Dropout stays on at evaluation", "the mode at evaluation");

  final String value;
  final String label;

  /** What somebody blames who chooses it. */
  final String culprit;

  Fault(String value, String label, String culprit) {
    this.value = value;
    this.label = label;
    this.culprit = culprit;
  }

  /** Whether it sits in one layer. */
  boolean local() {
    return this == FEATURES || this == DEAD || this == FROZEN || this == SIGN;
  }
}
