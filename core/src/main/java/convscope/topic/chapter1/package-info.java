/** Chapter 1: convolution as a local linear map. */
package convscope.topic.chapter1;
