package dev.nonevent.pipeline.run;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The bytes of classes, by their digest; each is read once in a run. */
final class ClassFiles {

    private final Map<Class<?>, String> digests = new ConcurrentHashMap<>();

    /** Over the class and all that is written inside of it; {@link Part#UNKNOWN} if it cannot be read. */
    String digest(Class<?> top) {
        return digests.computeIfAbsent(top, ClassFiles::read);
    }

    private static String read(Class<?> top) {
        MessageDigest all = sha256();
        try {
            for (Class<?> type : nest(top)) {
                String file = type.getName()
                                .substring(
                                        type.getPackageName().isEmpty()
                                                ? 0
                                                : type.getPackageName().length() + 1)
                        + ".class";
                try (InputStream bytes = type.getResourceAsStream(file)) {
                    if (bytes == null) {
                        return Part.UNKNOWN;
                    }
                    all.update(bytes.readAllBytes());
                }
            }
        } catch (IOException | LinkageError unreadable) {
            return Part.UNKNOWN;
        }
        return HexFormat.of().formatHex(all.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static List<Class<?>> nest(Class<?> top) {
        return Arrays.stream(top.getNestMembers())
                .filter(type -> !type.isHidden())
                .sorted(Comparator.comparing(Class::getName))
                .toList();
    }
}
