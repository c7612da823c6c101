package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;

/** A convolution of an input, looked at axis by axis. */
interface Ruled extends EditableTopic.Convolved {
  ImageInput input();

  Conv2d.Spec spec();

  default Axis h() {
    return Axis.of(Convention.FLOOR, true, input().height(), spec().vertical());
  }

  default Axis w() {
    return Axis.of(Convention.FLOOR, false, input().width(), spec().horizontal());
  }
}
