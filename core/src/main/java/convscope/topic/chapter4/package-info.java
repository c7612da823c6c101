/** Chapter 4: pooling and downsampling. */
package convscope.topic.chapter4;
