/** Chapter 6: backpropagation through convolution. */
package convscope.topic.chapter6;
