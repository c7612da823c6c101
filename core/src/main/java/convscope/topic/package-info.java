/**
 * One small class a topic: a pure function from parameters to a figure. {@link
 * convscope.topic.Topics} lists them.
 */
package convscope.topic;
