package dev.nonevent.pipeline.gate;

import static javax.xml.stream.XMLStreamConstants.CDATA;
import static javax.xml.stream.XMLStreamConstants.CHARACTERS;
import static javax.xml.stream.XMLStreamConstants.DTD;
import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.ENTITY_REFERENCE;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JUnit XML report as a stream: no DTD, no entities of its own, bounded depth. Elements are counted, attributes
 * are not believed; they may only contradict.
 */
final class JUnitXml {

    private static final int DEEPEST = 64;
    private static final int LONGEST_TEXT = 4_096;

    private final String report;
    private final TestTally tally;
    private int depth;
    private long claimedFailures;
    private @Nullable Case open;

    JUnitXml(String report, TestTally tally) {
        this.report = report;
        this.tally = tally;
    }

    /** Adds what the report holds to the tally. */
    void read(InputStream bytes) throws IOException, UnusableEvidence {
        int before = tally.failures() + tally.flakes();
        try {
            XMLStreamReader xml = quietly().createXMLStreamReader(bytes);
            while (xml.hasNext()) {
                take(xml.next(), xml);
            }
        } catch (XMLStreamException broken) {
            throw new UnusableEvidence("report " + report + " is not readable XML, perhaps cut off: " + reason(broken));
        }
        if (claimedFailures > 0 && tally.failures() + tally.flakes() == before) {
            throw new UnusableEvidence("report " + report + " contradicts itself: it claims "
                    + Words.count(claimedFailures, "failure") + " and holds none");
        }
    }

    private static XMLInputFactory quietly() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are not read");
        });
        return factory;
    }

    private void take(int event, XMLStreamReader xml) throws UnusableEvidence {
        switch (event) {
            case DTD, ENTITY_REFERENCE ->
                throw new UnusableEvidence(
                        "report " + report + " has a DOCTYPE or an entity of its own, which no test report needs");
            case START_ELEMENT -> start(xml);
            case END_ELEMENT -> end(xml.getLocalName());
            case CHARACTERS, CDATA -> text(xml);
            default -> {}
        }
    }

    private void start(XMLStreamReader xml) throws UnusableEvidence {
        String name = xml.getLocalName();
        if (++depth > DEEPEST) {
            throw new UnusableEvidence("report " + report + " is nested deeper than " + DEEPEST + " elements");
        }
        boolean suite = name.equals("testsuite") || name.equals("testsuites");
        if (depth == 1 && !suite) {
            throw new UnusableEvidence("report " + report + " is not a JUnit report: its root is <" + Words.line(name)
                    + ">, not <testsuite> or <testsuites>");
        }
        if (suite) {
            claimedFailures = Math.max(claimedFailures, claimed(xml, "failures") + claimed(xml, "errors"));
        } else if (name.equals("testcase")) {
            if (open != null) {
                throw new UnusableEvidence("report " + report + " has a <testcase> inside a <testcase>");
            }
            open = new Case(attribute(xml, "classname"), attribute(xml, "name"), depth);
        } else if (open != null && depth == open.depth + 1) {
            open.child(name, attribute(xml, "message"));
        }
    }

    private void end(String name) throws UnusableEvidence {
        depth--;
        if (open != null && name.equals("testcase")) {
            open.countInto(tally);
            open = null;
            if (tally.tests() > TestTally.MOST_TESTS) {
                throw new UnusableEvidence("report " + report + ": more than " + TestTally.MOST_TESTS + " tests");
            }
        }
    }

    private void text(XMLStreamReader xml) {
        if (open != null && open.wantsText(depth)) {
            open.text(xml.getText());
        }
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    private static long claimed(XMLStreamReader xml, String attribute) {
        String value = attribute(xml, attribute).strip();
        return value.matches("[0-9]{1,9}") ? Long.parseLong(value) : 0;
    }

    /** The JDK puts the position on a line of its own before the reason. */
    private static String reason(XMLStreamException broken) {
        String message = String.valueOf(broken.getMessage());
        int cut = message.indexOf("Message: ");
        String line = broken.getLocation() == null
                ? ""
                : "line " + broken.getLocation().getLineNumber() + ", ";
        return line + Words.line(cut < 0 ? message : message.substring(cut + "Message: ".length()));
    }

    /** A {@code <testcase>} whose end was not seen yet. */
    private static final class Case {

        private final String className;
        private final String name;
        private final int depth;
        private boolean failed;
        private boolean skipped;
        private boolean flaky;
        private boolean inFailure;
        private String message = "";

        Case(String className, String name, int depth) {
            this.className = className;
            this.name = name;
            this.depth = depth;
        }

        void child(String element, String says) {
            inFailure = false;
            switch (element) {
                case "failure", "error", "rerunFailure", "rerunError" -> {
                    failed = true;
                    inFailure = message.isBlank() && says.isBlank();
                    message = message.isBlank() ? says : message;
                }
                case "skipped" -> skipped = true;
                case "flakyFailure", "flakyError" -> flaky = true;
                default -> {}
            }
        }

        boolean wantsText(int at) {
            return inFailure && at == depth + 1 && message.length() < LONGEST_TEXT;
        }

        void text(String more) {
            message += more.substring(0, Math.min(more.length(), LONGEST_TEXT));
        }

        void countInto(TestTally tally) {
            if (failed) {
                tally.failed(Words.line(title()) + (message.isBlank() ? "" : ": " + Words.line(message)));
            } else if (flaky) {
                tally.flaky();
            } else if (skipped) {
                tally.skipped();
            } else {
                tally.passed();
            }
        }

        private String title() {
            String test = name.isBlank() ? "a test without a name" : name;
            return className.isBlank() ? test : className + "." + test;
        }
    }
}
