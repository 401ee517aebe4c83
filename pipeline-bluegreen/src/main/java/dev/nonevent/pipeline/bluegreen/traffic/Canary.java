package dev.nonevent.pipeline.bluegreen.traffic;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A target that gets a part of the users. The header decides first, then the cookie, then the percentage.
 *
 * <p>A cookie keeps a user on the side that the percentage chose, the active one as well: who is there by cookie stays when
 * the percentage grows, until it is 100. At 0 and at 100 percent there is nothing to choose, and no cookie is given. A cookie
 * of a deployment that is neither side's counts for nothing.
 *
 * @param target of the new release
 * @param percent of the requests that nothing else decides, 0 to 100
 * @param cookie name of a cookie by which a user keeps the side that a first request got; see {@link Capability#STICKY}
 * @param header a request that carries it goes to the canary, whatever the percentage; see {@link Capability#HEADERS}
 */
public record Canary(Target target, int percent, Optional<String> cookie, Optional<HeaderMatch> header) {

    private static final int LONGEST = 256;

    /** A request header, the name in any case, the value exactly: visible ASCII and blanks between, as servers read it. */
    public record HeaderMatch(String name, String value) {}

    public static Canary of(Target target, int percent) {
        return new Canary(target, percent, Optional.empty(), Optional.empty());
    }

    public Canary stickyBy(String cookieName) {
        return new Canary(target, percent, Optional.of(cookieName), header);
    }

    public Canary alsoFor(String headerName, String value) {
        return new Canary(target, percent, cookie, Optional.of(new HeaderMatch(headerName, value)));
    }

    /** Everything wrong with it, as sentences. */
    @JsonIgnore
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (percent < 0 || percent > 100) {
            problems.add("a canary gets 0 to 100 percent, not " + percent);
        }
        cookie.filter(name -> !isToken(name))
                .ifPresent(name -> problems.add("\"" + name + "\" is no name of a cookie: take letters, digits and -"));
        header.filter(match -> !isToken(match.name()))
                .ifPresent(match -> problems.add("\"" + match.name() + "\" is no name of a header"));
        header.filter(match -> !isValue(match.value()))
                .ifPresent(match -> problems.add("the value of the header " + match.name() + " is 1 to " + LONGEST
                        + " visible characters of ASCII, without a blank at either end"));
        return List.copyOf(problems);
    }

    private static boolean isToken(String name) {
        return name.length() <= LONGEST && name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    }

    private static boolean isValue(String value) {
        return value.length() <= LONGEST && value.matches("[!-~]([ -~]*[!-~])?");
    }
}
