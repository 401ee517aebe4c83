package dev.nonevent.pipeline.executor;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that will have a service's address in it when the service runs.
 *
 * @param template with {@code {host}}, {@code {port}} and {@code {port:8080}}
 */
public record ServiceUrl(Service service, String template) {

    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern PORT = Pattern.compile("port(?::(\\d{1,5}))?");

    public ServiceUrl {
        // Everything that cannot be filled in is said where it is written.
        ServiceAddress inside = ServiceAddress.of(service.name(), service.ports());
        try {
            filled(template, inside);
        } catch (IllegalStateException | IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "service " + service.name() + ": \"" + template + "\" cannot be filled in: " + wrong.getMessage()
                            + "; there is {host}, {port} and {port:8080}, and a port is declared with port(…)",
                    wrong);
        }
    }

    /** The text for somebody who reaches the service there. */
    public String at(ServiceAddress address) {
        return filled(template, address);
    }

    private static String filled(String template, ServiceAddress address) {
        return PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(value(place, address)));
    }

    private static String value(MatchResult place, ServiceAddress address) {
        String name = place.group(1);
        if (name.equals("host")) {
            return address.host();
        }
        Matcher port = PORT.matcher(name);
        if (!port.matches()) {
            throw new IllegalArgumentException("there is no {" + name + "}");
        }
        return String.valueOf(port.group(1) == null ? address.port() : address.port(Integer.parseInt(port.group(1))));
    }
}
