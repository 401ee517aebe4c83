package dev.nonevent.pipeline.source;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a repository is. Only transports that nobody on the way can change: https, ssh, files of this machine, and http
 * and git to this machine itself.
 *
 * @param text how the repository is called everywhere: a URI without a slash at its end
 * @param local its directory, if it is on this machine's file system
 */
record Address(String text, Optional<Path> local) {

    static Address of(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        return new Address("file://" + (path.toString().startsWith("/") ? "" : "/") + path, Optional.of(path));
    }

    /** @throws IllegalArgumentException with a sentence that does not repeat a password */
    static Address of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String place = uri.getHost() == null ? "" : uri.getHost();
        switch (scheme) {
            case "file" -> {
                return Address.of(filePath(uri));
            }
            case "https", "ssh" -> {}
            case "http", "git" -> {
                if (!isThisMachine(place)) {
                    throw new IllegalArgumentException("repository on " + place + ": " + scheme
                            + " lets anybody on the way change the code; use https or ssh");
                }
            }
            case "" ->
                throw new IllegalArgumentException("repository \"" + Branch.shown(uri.toString())
                        + "\" has no scheme: use https://… or ssh://…, or git(Path.of(…)) for a directory");
            default ->
                throw new IllegalArgumentException(
                        "repository scheme \"" + scheme + "\" is not used here: https, ssh and file are");
        }
        checkParts(uri, scheme, place);
        String text = uri.toString();
        return new Address(text.endsWith("/") ? text.substring(0, text.length() - 1) : text, Optional.empty());
    }

    private static void checkParts(URI uri, String scheme, String place) {
        String user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
        if (user.contains(":") || (!user.isEmpty() && !scheme.equals("ssh"))) {
            throw new IllegalArgumentException("repository on " + place
                    + ": a user or password in the address ends up in logs; leave it out, or use ssh with a key");
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        if (place.isEmpty() || place.startsWith("-") || user.startsWith("-") || path.length() < 2) {
            throw new IllegalArgumentException("repository \"" + Branch.shown(uri.toString())
                    + "\" needs a host and a path, such as https://host/shop.git");
        }
        if (uri.getQuery() != null || uri.getFragment() != null || path.startsWith("/-")) {
            throw new IllegalArgumentException("repository \"" + Branch.shown(uri.toString())
                    + "\": no query, no fragment, and no path that starts with a dash");
        }
    }

    private static Path filePath(URI uri) {
        try {
            return Path.of(uri);
        } catch (IllegalArgumentException notAPath) {
            throw new IllegalArgumentException(
                    "repository \"" + Branch.shown(uri.toString()) + "\" is not a path of this machine: "
                            + notAPath.getMessage(),
                    notAPath);
        }
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
