/** Chapter 7, the blocks of convolutional networks: its topics, what they compute and draw. */
package convscope.topic.chapter7;
