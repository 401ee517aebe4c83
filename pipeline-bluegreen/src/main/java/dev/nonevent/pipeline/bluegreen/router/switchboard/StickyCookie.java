package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A cookie that names a deployment, by a value that says nothing to the user and outlives the router. It is a session's,
 * and is passed on to the instance with the others.
 */
final class StickyCookie {

    private static final int VALUE_BYTES = 9;
    private static final int LONGEST_READ = 16 * 1024;

    private final String name;

    StickyCookie(String name) {
        this.name = name;
    }

    static String valueFor(String deployment) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(deployment.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, VALUE_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** As a {@code Set-Cookie} header. */
    String setTo(String value) {
        return name + "=" + value + "; Path=/; HttpOnly; SameSite=Lax";
    }

    /** Whether the request has the cookie with this value; of cookies with the same name any one will do. */
    boolean isSetTo(String value, Guest guest) {
        List<String> lines = guest.values("cookie");
        int left = LONGEST_READ;
        for (int i = 0; i < lines.size() && left > 0; i++) {
            String line = lines.get(i);
            int end = Math.min(line.length(), left);
            if (has(line, end, value)) {
                return true;
            }
            left -= end;
        }
        return false;
    }

    /** Looks for {@code name=value} among pairs that semicolons part. */
    private boolean has(String line, int end, String value) {
        int length = name.length() + 1 + value.length();
        int start = 0;
        while (start < end) {
            while (start < end && isBlank(line.charAt(start))) {
                start++;
            }
            int semicolon = line.indexOf(';', start);
            int next = semicolon < 0 || semicolon > end ? end : semicolon;
            int last = next;
            while (last > start && isBlank(line.charAt(last - 1))) {
                last--;
            }
            if (last - start == length
                    && line.startsWith(name, start)
                    && line.charAt(start + name.length()) == '='
                    && line.startsWith(value, start + name.length() + 1)) {
                return true;
            }
            start = next + 1;
        }
        return false;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
