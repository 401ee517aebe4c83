package dev.nonevent.pipeline.bluegreen.nginx;

import dev.nonevent.pipeline.bluegreen.proxy.Layout;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import java.nio.charset.StandardCharsets;

/**
 * What the included file says to nginx: an upstream for each deployment, which of them a request gets, what is logged of it,
 * and a private place where each worker says which edition of the file it goes by.
 *
 * @param checkPort of that place, on 127.0.0.1
 */
record Words(String name, int checkPort) {

    /** Name of the upstream of a deployment, and how the log calls it. To nginx a large letter in it is a small one. */
    String upstream(Target target) {
        StringBuilder upstream = new StringBuilder(name).append("_to_");
        for (byte each : target.deployment().getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9');
            upstream.append(plain || each == '-' ? String.valueOf((char) each) : String.format("_%02x", each));
        }
        return upstream.toString();
    }

    String of(Layout layout) {
        StringBuilder text = new StringBuilder();
        text.append("log_format ").append(name).append(" \"$").append(name).append("_side $status $msec\";\n");
        text.append("upstream ").append(name).append("_nowhere { server 127.0.0.1:9 down; }\n");
        layout.served()
                .forEach(side -> text.append("upstream ")
                        .append(upstream(side.target()))
                        .append(" { server ")
                        .append(side.endpoint().authority())
                        .append(" max_fails=0; }\n"));
        text.append(choice(layout));
        text.append("server {\n    listen 127.0.0.1:").append(checkPort).append(";\n    access_log off;\n");
        text.append("    keepalive_timeout 0;\n    location / { return 200 \"")
                .append(layout.edition())
                .append(" $pid\\n\"; }\n}\n");
        return text.toString();
    }

    private String choice(Layout layout) {
        int percent = layout.route().routing().canary().map(Canary::percent).orElse(0);
        String active = layout.served().isEmpty()
                ? name + "_nowhere"
                : upstream(layout.served().get(0).target());
        if (percent == 0) {
            return "map $host $" + name + "_side { default " + active + "; }\n";
        }
        String canary = upstream(layout.served().get(1).target());
        return percent == 100
                ? "map $host $" + name + "_side { default " + canary + "; }\n"
                : "split_clients $request_id $" + name + "_side { " + percent + "% " + canary + "; * " + active
                        + "; }\n";
    }
}
