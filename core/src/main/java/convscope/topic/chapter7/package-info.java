/** Chapter 7: building blocks of convolutional networks. */
/** Chapter 7, CNN building blocks: what each block does to signals and gradients. */
package convscope.topic.chapter7;
