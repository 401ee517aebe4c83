package dev.nonevent.pipeline.bluegreen.router.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A reader of requests that takes RFC 9112 by the letter, and shares nothing with the router's: two readers that agree on
 * where requests end leave nothing to smuggle in.
 */
final class StrictHttp {

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + ") ([!-~]+) HTTP/1\\.([01])");
    private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \t]*((?:[!-~\\x80-\\xFF][ \t]*)*)");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})(;[\t -~\\x80-\\xFF]*)?");
    private static final Set<String> NEVER_IN_TRAILERS = Set.of("content-length", "transfer-encoding", "host");

    private StrictHttp() {}

    /** A whole request: what it asks for as a path, and its body. */
    record Request(String method, String path, String body, boolean hasExtensions, List<String> trailers) {

        /** What two readers must agree on. */
        String gist() {
            return method + " " + path + " [" + body + "]";
        }

        boolean hasForbiddenTrailer() {
            return trailers.stream().anyMatch(NEVER_IN_TRAILERS::contains);
        }
    }

    /**
     * The next one.
     *
     * @throws ProtocolException if it is none
     * @throws EOFException if it is not whole
     */
    static Request read(InputStream in) throws IOException {
        String first = line(in);
        while (first.isEmpty()) {
            // is to be ignored before a request (RFC 9112, 2.2)
            first = line(in);
        }
        var line = REQUEST_LINE.matcher(first);
        require(line.matches(), "request line");
        List<String> hosts = new ArrayList<>();
        List<String> lengths = new ArrayList<>();
        List<String> codings = new ArrayList<>();
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            var parts = FIELD.matcher(field);
            require(parts.matches(), "field");
            String value = parts.group(2).strip();
            switch (parts.group(1).toLowerCase(Locale.ROOT)) {
                case "host" -> hosts.add(value);
                case "content-length" -> lengths.add(value);
                case "transfer-encoding" -> codings.add(value.toLowerCase(Locale.ROOT));
                default -> {}
            }
        }
        boolean newest = line.group(3).equals("1");
        require(hosts.size() <= 1 && (!newest || hosts.size() == 1), "Host");
        require(lengths.size() + codings.size() <= 1, "framing");
        require(lengths.stream().allMatch(length -> length.matches("[0-9]{1,9}")), "length");
        require(codings.isEmpty() || (newest && codings.equals(List.of("chunked"))), "coding");
        String path = line.group(2).replaceFirst("(?i)^https?://[^/?]+", "");
        if (!codings.isEmpty()) {
            return chunked(in, line.group(1), path);
        }
        int length = lengths.isEmpty() ? 0 : Integer.parseInt(lengths.get(0));
        return new Request(line.group(1), path, exactly(in, length), false, List.of());
    }

    private static Request chunked(InputStream in, String method, String path) throws IOException {
        StringBuilder body = new StringBuilder();
        boolean extensions = false;
        while (true) {
            var size = CHUNK.matcher(line(in));
            require(size.matches(), "chunk");
            extensions |= size.group(2) != null;
            int length = Integer.parseUnsignedInt(size.group(1), 16);
            require(length >= 0, "chunk size");
            if (length == 0) {
                break;
            }
            body.append(exactly(in, length));
            require(line(in).isEmpty(), "chunk end");
        }
        List<String> trailers = new ArrayList<>();
        for (String field = line(in); !field.isEmpty(); field = line(in)) {
            if (!trailers.isEmpty() && (field.startsWith(" ") || field.startsWith("\t"))) {
                // a trailer may be unfolded (RFC 9112, 5.2)
                continue;
            }
            var parts = FIELD.matcher(field);
            require(parts.matches(), "trailer");
            trailers.add(parts.group(1).toLowerCase(Locale.ROOT));
        }
        return new Request(method, path, body.toString(), extensions, trailers);
    }

    /** Ends with CR and LF, and has neither of them within. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = octet(in); octet != '\r'; octet = octet(in)) {
            require(octet != '\n', "line feed");
            line.write(octet);
        }
        require(octet(in) == '\n', "return");
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static String exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static int octet(InputStream in) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException();
        }
        return octet;
    }

    private static void require(boolean holds, String what) throws ProtocolException {
        if (!holds) {
            throw new ProtocolException(what);
        }
    }
}
