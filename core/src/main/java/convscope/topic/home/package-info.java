/** The figure of the home page: the shapes of a whole network. */
@NullMarked
package convscope.topic.home;

import org.jspecify.annotations.NullMarked;
