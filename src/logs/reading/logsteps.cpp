#include "logs/reading/logsteps.h"

#include "logs/logline.h"
#include "logs/reading/logcopy.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// A log whose first lines have no stamp has none.
constexpr qint64 stampWithin = 50;
/// Lines of one second that are looked at for a heading which is no group.
constexpr qint64 mostLooked = 4000;
constexpr qint64 headingReach = 1024;

/// How the runner begins a step.
enum class Opening { Heading, Cleanup, Completion, None };

/// The steps of one job with its text: finds their begins one after another.
class StepSearch
{
public:
    StepSearch(const LogText &text, const LogMarks &marks, QList<LogStep> steps)
        : m_text(text), m_marks(marks), m_steps(std::move(steps))
    {}

    [[nodiscard]] bool isStamped() const
    {
        for (qint64 line = 0; line < std::min(stampWithin, m_text.lineCount()); ++line) {
            if (stampLength(m_text.line(line, headingReach)) > 0)
                return true;
        }
        return false;
    }

    [[nodiscard]] QList<StepBegin> byTime() const
    {
        QList<StepBegin> begins;
        const LogStep *before = nullptr;
        qint64 last = -1;
        for (qsizetype i = 0; i < m_steps.size(); ++i) {
            StepBegin begin = before ? after(*before, i, last) : first(i);
            begin.number = m_steps[i].number;
            if (m_steps[i].startedAt.isValid())
                before = &m_steps[i];
            if (begin.line >= 0)
                last = begin.line;
            begins.append(begin);
        }
        return begins;
    }

private:
    [[nodiscard]] StepBegin first(qsizetype i) const
    {
        if (!m_steps[i].startedAt.isValid())
            return {};
        return {0, 0, 0, StepBegin::Certainty::Exact};
    }

    [[nodiscard]] StepBegin after(const LogStep &before, qsizetype i, qint64 last) const
    {
        const LogStep &step = m_steps[i];
        if (!step.startedAt.isValid())
            return {};
        const qint64 from = std::max(last + 1, lineFrom(step.startedAt));
        const qint64 end
            = step.completedAt.isValid() ? lineFrom(step.completedAt.addSecs(1)) : lines();
        if (from >= end)
            return {};
        if (before.completedAt.isValid() && before.completedAt < step.startedAt)
            return {0, from, from, StepBegin::Certainty::Exact};
        // What a step writes first may bear the stamp of the second after its begin.
        for (const int seconds : {1, 2}) {
            const qint64 until = std::min(end, lineFrom(step.startedAt.addSecs(seconds)));
            const StepBegin begin = byHeading(i, from, until, seconds);
            if (begin.certainty != StepBegin::Certainty::Nowhere)
                return begin;
        }
        return {0, from, from, StepBegin::Certainty::About};
    }

    /// Among the lines of so many seconds; Nowhere if no heading is among them.
    [[nodiscard]] StepBegin byHeading(qsizetype i, qint64 from, qint64 end, int seconds) const
    {
        const LogStep &step = m_steps[i];
        const Opening opening = openingOf(step);
        const QList<qint64> headings = openings(opening, from, end);
        if (opening == Opening::Heading && step.name.startsWith(QLatin1String("Run "))) {
            const QByteArray name = "##[group]" + step.name.toUtf8();
            for (const qint64 line : headings) {
                if (said(line).startsWith(name))
                    return {0, line, line, StepBegin::Certainty::Exact};
            }
        }
        if (headings.isEmpty())
            return {};
        const auto alike
            = std::count_if(m_steps.begin() + i, m_steps.end(), [&](const LogStep &other) {
                  return other.startedAt.isValid()
                         && other.startedAt < step.startedAt.addSecs(seconds)
                         && openingOf(other) == opening;
              });
        if (headings.size() == alike)
            return {0, headings.first(), headings.first(), StepBegin::Certainty::Exact};
        return {0, headings.first(), from, StepBegin::Certainty::About};
    }

    [[nodiscard]] Opening openingOf(const LogStep &step) const
    {
        if (step.name == QLatin1String("Complete job"))
            return Opening::Completion;
        if (step.name == QLatin1String("Initialize containers")
            || step.name == QLatin1String("Stop containers"))
            return Opening::None;
        // A person may call a step "Post the report": only what follows another step cleans up.
        if (step.name.startsWith(QLatin1String("Post "))
            && std::any_of(m_steps.begin(), m_steps.end(), [&](const LogStep &other) {
                   return other.name == QStringView(step.name).mid(5);
               }))
            return Opening::Cleanup;
        return Opening::Heading;
    }

    /// Where something of that kind is opened, from one line to before another.
    [[nodiscard]] QList<qint64> openings(Opening opening, qint64 from, qint64 end) const
    {
        QList<qint64> found;
        if (opening == Opening::None)
            return found;
        if (opening == Opening::Heading) {
            const std::vector<Fold> &folds = m_marks.folds();
            auto fold = std::lower_bound(folds.begin(), folds.end(), from,
                                         [](const Fold &f, qint64 line) { return f.first < line; });
            for (; fold != folds.end() && fold->first < end; ++fold) {
                if (said(fold->first).startsWith("##[group]Run "))
                    found.append(fold->first);
            }
            return found;
        }
        for (qint64 line = from; line < std::min(end, from + mostLooked); ++line) {
            const QByteArray words = said(line);
            if (opening == Opening::Cleanup) {
                if (words.startsWith("Post job cleanup."))
                    found.append(line);
            } else if (words.startsWith("Evaluate and set job outputs")
                       || words.startsWith("Cleaning up orphan processes")) {
                return {line};
            }
        }
        return found;
    }

    [[nodiscard]] QByteArray said(qint64 line) const
    {
        const QByteArray bytes = m_text.line(line, headingReach);
        return bytes.mid(stampLength(bytes));
    }

    [[nodiscard]] qint64 lines() const { return m_text.lineCount(); }
    /// The first line of a time or behind it; the line after the last if there is none.
    [[nodiscard]] qint64 lineFrom(const QDateTime &time) const
    {
        const qint64 line = lineAtTime(m_text, time);
        return line >= 0 ? line : lines();
    }

    const LogText &m_text;
    const LogMarks &m_marks;
    QList<LogStep> m_steps;
};

QList<StepBegin> byBuildMarks(const LogMarks &marks, const QList<LogStep> &steps)
{
    QList<StepBegin> begins;
    for (const LogStep &step : steps) {
        StepBegin begin;
        begin.number = step.number;
        for (const BuildMark &mark : marks.buildMarks()) {
            const bool fits = mark.step == step.number - 1
                              || (mark.step == BuildMark::whole && steps.size() == 1);
            if (!fits)
                continue;
            begin.line = begin.earliest = mark.line;
            begin.certainty = StepBegin::Certainty::Exact;
            break;
        }
        begins.append(begin);
    }
    return begins;
}

} // namespace

QList<StepBegin> stepBegins(const LogText &text, const LogMarks &marks, const QList<LogStep> &steps)
{
    if (steps.isEmpty() || text.lineCount() == 0)
        return {};
    QList<LogStep> ordered = steps;
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const LogStep &a, const LogStep &b) { return a.number < b.number; });
    const StepSearch search(text, marks, ordered);
    return search.isStamped() ? search.byTime() : byBuildMarks(marks, ordered);
}

std::optional<StepPlace> placeInStep(const QList<StepBegin> &begins, qint64 line)
{
    const StepBegin *at = nullptr;
    for (const StepBegin &begin : begins) {
        if (begin.certainty == StepBegin::Certainty::Nowhere)
            continue;
        if (begin.line > line) {
            // It may have begun before the line that is only guessed.
            if (begin.earliest <= line)
                return {};
            break;
        }
        at = &begin;
    }
    if (!at || at->certainty != StepBegin::Certainty::Exact)
        return {};
    return StepPlace{at->number, line - at->line + 1};
}

} // namespace pilothouse
