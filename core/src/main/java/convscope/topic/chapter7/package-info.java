/** Chapter 7: building blocks of convolutional networks. */
package convscope.topic.chapter7;
