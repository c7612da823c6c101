package convscope.net.script;

/** A function of a class, which gets the object as first argument. */
public interface Method extends Callable {}
