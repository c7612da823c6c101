/** Chapter 6, backpropagation through convolution: its topics, what they compute and draw. */
package convscope.topic.chapter6;
