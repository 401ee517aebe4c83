package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;

/** What a person reads while the traffic is stopped: a page that needs nothing else to be shown. */
final class MaintenancePage {

    static final String TYPE = "text/html; charset=utf-8";
    static final Duration RETRY = Duration.ofSeconds(30);

    private static final String NO_MESSAGE = "This service is down for maintenance. Please come back soon.";

    private MaintenancePage() {}

    /** Programs get plain text. */
    static boolean wantedBy(HttpRequest request) {
        return request.headers().getAll(HttpHeaderNames.ACCEPT).stream()
                .anyMatch(accepted -> accepted.toLowerCase(Locale.ROOT).contains("text/html"));
    }

    static String with(String message) {
        return """
                <!doctype html>
                <html>
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>503</title>
                <style>
                body { margin: 0; min-height: 100vh; display: flex; align-items: center; justify-content: center;
                  font: 1.25rem/1.5 system-ui, sans-serif; color: #222; background: #fafafa; }
                p { max-width: 36rem; padding: 2rem; white-space: pre-line; }
                </style>
                </head>
                <body><p>""" + escaped(sentence(message)) + "</p></body>\n</html>\n";
    }

    static String sentence(String message) {
        return message.isBlank() ? NO_MESSAGE : message;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
