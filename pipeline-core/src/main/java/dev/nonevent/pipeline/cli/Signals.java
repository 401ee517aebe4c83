package dev.nonevent.pipeline.cli;

import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Signals of the operating system. Java has no supported way to hear them; {@code sun.misc.Signal} of the module
 * {@code jdk.unsupported} is in every JDK so far, and is looked up by name because the compiler warns of its use.
 */
final class Signals {

    private Signals() {}

    /**
     * From now on, this is what the signal does.
     *
     * @param name without SIG
     * @param action called with the signal's number, on a thread of its own
     * @return false if this JVM does not let programs hear it
     */
    static boolean on(String name, IntConsumer action) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            Object signal = signals.getConstructor(String.class).newInstance(name);
            int number = (int) signals.getMethod("getNumber").invoke(signal);
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlers}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.accept(number);
                        }
                        return null;
                    });
            signals.getMethod("handle", signals, handlers).invoke(null, signal, handler);
            return true;
        } catch (ReflectiveOperationException | RuntimeException unheard) {
            // Another JVM, or one that was told to leave signals alone (-Xrs).
            return false;
        }
    }
}
