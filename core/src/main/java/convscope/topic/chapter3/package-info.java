/** Chapter 3: parameters and FLOPs. */
package convscope.topic.chapter3;
