/** Chapter 5: receptive fields. */
package convscope.topic.chapter5;
