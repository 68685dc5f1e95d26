#include "fuzz/failed.h"
#include "logs/logdiff.h"
#include "logs/logline.h"
#include "logs/logstore.h"
#include "logs/reading/logsteps.h"
#include "logs/reading/shownline.h"
#include "logs/search/linematcher.h"

#include <QDir>

#include <algorithm>

using namespace pilothouse;

namespace {

/// Further on, a line that comes byte by byte would take too long.
constexpr qsizetype openReadTo = 1024;
/// An expression may take long for a line: so many lines, so long, are enough.
constexpr qint64 matchedLines = 8;
constexpr qsizetype matchedBytes = 1024;
constexpr qsizetype longestQuery = 24;
constexpr qsizetype mostSteps = 6;

std::unique_ptr<LogStore> newStore()
{
    auto store = LogStore::create(QDir::tempPath() + QStringLiteral("/pilothouse-fuzz"));
    if (!store)
        failed("a store can be made", store.error().message);
    return std::move(*store);
}

void finish(LogStore &store)
{
    if (const Result<void> finished = store.finish(); !finished)
        failed("a log can be finished", finished.error().message);
}

void checkSpans(const LogLine &shown, qint64 line)
{
    for (const StyledSpan &span : shown.spans) {
        if (span.start < 0 || span.length < 0 || span.start + span.length > shown.text.size())
            failed("a span lies within its line", QStringLiteral("line %1: %2 + %3 of %4")
                                                      .arg(line)
                                                      .arg(span.start)
                                                      .arg(span.length)
                                                      .arg(shown.text.size()));
    }
}

void checkShown(const LogText &text, qint64 line, const AnsiStyle &before)
{
    const ShownLine shown = shownLine(text, line, before);
    checkSpans(shown.line, line);
    if (shown.unshown < 0 || shown.unshown > text.length(line))
        failed("what is not shown of a line is a part of it", QStringLiteral("line %1: %2 of %3")
                                                                  .arg(line)
                                                                  .arg(shown.unshown)
                                                                  .arg(text.length(line)));
    if (shown.isRead && shown.line.after != readLine(text.line(line), before).after)
        failed("a line that is read to its end leaves the style that it leaves",
               QString::number(line));
}

/// All in pieces cut anywhere; the first byte decides where.
void append(LogStore &store, const QByteArray &bytes)
{
    const qsizetype piece = bytes.isEmpty() ? 1 : 1 + static_cast<unsigned char>(bytes.at(0));
    qint64 begun = 0;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        const QByteArray next = bytes.mid(at, piece);
        begun += next.count('\n');
        const bool isOpen = !next.endsWith('\n');
        if (const Result<void> appended = store.append(next); !appended)
            failed("bytes can be appended", appended.error().message);
        if (store.lineCount() != begun + (isOpen ? 1 : 0))
            failed("every line that has begun is counted",
                   QStringLiteral("%1 of %2, open: %3, after byte %4")
                       .arg(store.lineCount())
                       .arg(begun)
                       .arg(isOpen)
                       .arg(at + next.size()));
        if (at < openReadTo) {
            (void)readLine(store.line(store.lineCount() - 1));
            checkShown(store.text(), store.lineCount() - 1, {});
        }
    }
    finish(store);
}

void checkLines(const LogStore &store)
{
    AnsiStyle style;
    for (qint64 line = 0; line < store.lineCount(); ++line) {
        if (store.styleBefore(line) != style)
            failed("the style before a line is what the lines above leave", QString::number(line));
        const LogLine shown = readLine(store.line(line), style);
        checkSpans(shown, line);
        checkShown(store.text(), line, style);
        style = shown.after;
    }
}

/// The first line is looked for in the next few; the second byte says how.
void checkSearch(const LogStore &store, const QByteArray &bytes)
{
    SearchQuery query;
    query.options = bytes.size() > 1 ? bytes.at(1) & 7 : 0;
    query.text = QString::fromUtf8(store.line(0, longestQuery));
    const Result<LineMatcher> matcher = LineMatcher::create(query);
    if (!matcher)
        return;
    for (qint64 line = 0; line < std::min(store.lineCount(), matchedLines); ++line) {
        const QByteArray cut = store.line(line, matchedBytes);
        (void)matcher->matches(cut);
        const QString text = readLine(cut).text;
        qsizetype end = 0;
        for (const LineMatcher::Span &span : matcher->spans(text)) {
            if (span.start < end || span.length < 0 || span.start + span.length > text.size())
                failed("hits follow each other within their line",
                       QStringLiteral("line %1: %2 + %3 of %4")
                           .arg(line)
                           .arg(span.start)
                           .arg(span.length)
                           .arg(text.size()));
            end = span.start + span.length;
        }
    }
}

/// Steps that begin at the stamps of the first lines that bear one.
QList<LogStep> stepsOf(const LogStore &store)
{
    QList<LogStep> steps;
    for (qint64 line = 0; line < store.lineCount() && steps.size() < mostSteps; ++line) {
        QDateTime at;
        if (stampLength(store.line(line, 64), &at) == 0 || !at.isValid())
            continue;
        at = QDateTime::fromSecsSinceEpoch(at.toSecsSinceEpoch(), Qt::UTC);
        if (!steps.isEmpty())
            steps.last().completedAt = at;
        steps.append({int(steps.size()) + 1, readLine(store.line(line, 256)).text, at, {}});
    }
    return steps;
}

void checkSteps(const LogStore &store)
{
    const QList<LogStep> steps = stepsOf(store);
    const QList<StepBegin> begins = stepBegins(store.text(), store.marks(), steps);
    if (begins.size() != steps.size())
        failed("every step has a begin");
    for (const StepBegin &begin : begins) {
        const QString place = QStringLiteral("step %1: %2 to %3 of %4")
                                  .arg(begin.number)
                                  .arg(begin.earliest)
                                  .arg(begin.line)
                                  .arg(store.lineCount());
        if ((begin.certainty == StepBegin::Certainty::Nowhere) != (begin.line < 0))
            failed("a step is nowhere or has a line", place);
        if (begin.line >= store.lineCount() || begin.earliest > begin.line)
            failed("a step begins with a line of its log, and not before the earliest", place);
    }
    for (qint64 line = 0; line < std::min(store.lineCount(), matchedLines); ++line) {
        const std::optional<StepPlace> place = placeInStep(begins, line);
        if (place && (place->line < 1 || place->line > line + 1))
            failed("a step counts no more lines than its log", QString::number(line));
    }
}

/// Against itself, and against its second half.
void checkDifference(const LogStore &store, const QByteArray &bytes)
{
    const LogText &text = store.text();
    if (const auto none = firstDifference(text, text))
        failed("a log says what it says", QString::number(none->left));
    const auto half = newStore();
    if (const Result<void> appended = half->append(bytes.mid(bytes.size() / 2)); !appended)
        failed("bytes can be appended", appended.error().message);
    finish(*half);
    const LogText &other = half->text();
    const auto difference = firstDifference(text, other);
    const auto mirrored = firstDifference(other, text);
    if (difference.has_value() != mirrored.has_value()
        || (difference
            && (difference->left != mirrored->right || difference->right != mirrored->left)))
        failed("two logs part in one place, whichever stands left");
    if (!difference)
        return;
    if (difference->left > text.lineCount() || difference->right > other.lineCount())
        failed("two logs part within them, or at an end");
    if (const auto meeting = nextMeeting(text, other, *difference, 50);
        meeting
        && (meeting->left < difference->left || meeting->right < difference->right
            || meeting->left > text.lineCount() || meeting->right > other.lineCount()))
        failed("two logs meet again behind the place where they part");
}

} // namespace

/// Whatever a log holds, in pieces cut anywhere: every line is there, and can be shown, the last
/// one also before its end has come; it can be searched, compared and told apart by steps.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto store = newStore();
    append(*store, bytes);
    const qint64 whole = bytes.count('\n') + (bytes.isEmpty() || bytes.endsWith('\n') ? 0 : 1);
    if (store->lineCount() != whole)
        failed("a finished log has as many lines as its bytes",
               QStringLiteral("%1 of %2").arg(store->lineCount()).arg(whole));
    checkLines(*store);
    checkSearch(*store, bytes);
    checkSteps(*store);
    checkDifference(*store, bytes);
    return 0;
}
