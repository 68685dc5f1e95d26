#include "ui/logs/logview.h"

#include "logs/logsearch.h"
#include "logs/logstore.h"
#include "logs/reading/shownline.h"
#include "ui/logs/linepainter.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <limits>

namespace pilothouse {
namespace {

constexpr int frameMilliseconds = 16;
/// As much of a line as is painted while there is no index.
constexpr qint64 paintedBytes = 16 << 10;

} // namespace

LogView::LogView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setObjectName(QStringLiteral("logView"));
    setAccessibleName(tr("Log"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_nextFrame.setSingleShot(true);
    m_nextFrame.setTimerType(Qt::PreciseTimer);
    m_sincePaint.start();
    connect(&m_nextFrame, &QTimer::timeout, this, &LogView::refresh);
    connect(&Theme::instance(), &Theme::changed, this, &LogView::restyle);
    connect(verticalScrollBar(), &QScrollBar::actionTriggered, this, &LogView::userScrolled);
    restyle();
}

void LogView::restyle()
{
    setFont(Theme::instance().codeFont());
    updateScrollBars();
    viewport()->update();
}

void LogView::setLog(const LogStore *store, LogSearch *search)
{
    if (m_search != search) {
        if (m_search)
            m_search->disconnect(this);
        m_search = search;
        if (m_search)
            connect(m_search, &LogSearch::changed, this, &LogView::refreshHits);
    }
    if (m_store == store)
        return;
    if (m_store)
        m_store->disconnect(this);
    m_store = store;
    m_current = m_anchor = -1;
    m_longest = 0;
    m_grown = 0;
    m_following = true;
    m_folded.clear();
    if (m_store) {
        connect(m_store, &LogStore::grown, this, &LogView::grow);
        connect(m_store, &LogStore::openLineGrown, this,
                [this] { grow(m_store->lineCount() - 1); });
        connect(m_store, &LogStore::marked, viewport(), QOverload<>::of(&QWidget::update));
    }
    rebuildRows();
    scrollToEnd();
    viewport()->update();
    Q_EMIT followingChanged();
}

LogRows::Source LogView::rowSource() const
{
    LogRows::Source source;
    if (!m_store)
        return source;
    source.lineCount = m_store->lineCount();
    if (m_filter && m_search && !m_search->text().isEmpty() && !m_search->error()) {
        source.hits = &m_search->lines();
        source.context = *m_filter;
    }
    source.folds = &m_store->marks().folds();
    source.folded = &m_folded;
    return source;
}

void LogView::rebuildRows()
{
    m_rows.rebuild(rowSource());
    m_hitsShown = m_search ? m_search->lines().size() : 0;
    updateScrollBars();
}

void LogView::refreshHits()
{
    if (m_filter) {
        const qint64 top = firstVisibleLine();
        const size_t hits = m_search->lines().size();
        // Hits at the end come while the search goes on; fewer are another search.
        if (hits > m_hitsShown && m_hitsShown > 0) {
            m_rows.grow(rowSource());
            m_hitsShown = hits;
            updateScrollBars();
        } else if (hits != m_hitsShown || m_search->text().isEmpty()) {
            rebuildRows();
        }
        if (m_following)
            scrollToEnd();
        else
            verticalScrollBar()->setValue(int(m_rows.rowOf(top)));
        Q_EMIT refreshed();
    }
    viewport()->update();
}

void LogView::setFilter(std::optional<int> context)
{
    if (m_filter == context)
        return;
    const qint64 kept = m_current >= 0 ? m_current : firstVisibleLine();
    m_filter = context;
    rebuildRows();
    if (m_following)
        scrollToEnd();
    else
        verticalScrollBar()->setValue(
            int(std::max<qint64>(0, m_rows.rowOf(kept) - visibleLines() / 3)));
    viewport()->update();
    Q_EMIT refreshed();
}

void LogView::grow(qint64 first)
{
    m_grown += m_store->lineCount() - first;
    m_changedFrom = std::min(m_changedFrom, first);
    // More than a page since the last frame cannot be read anyway.
    const qint64 wait = frameMilliseconds - m_sincePaint.elapsed();
    if (m_grown > visibleLines() && wait > 0) {
        if (!m_nextFrame.isActive())
            m_nextFrame.start(int(wait));
        return;
    }
    refresh();
}

void LogView::refresh()
{
    m_nextFrame.stop();
    if (!m_store)
        return;
    const int gutter = linePainter().gutterWidth();
    m_rows.grow(rowSource());
    updateScrollBars();
    if (m_following)
        scrollToEnd();
    else
        Q_EMIT followingChanged();
    // What was there is only moved; a wider gutter or a folded group that grows changes it.
    const bool moved = gutter == m_gutter && m_folded.empty() && m_store->isIndexed();
    const qint64 row = m_rows.rowOf(m_changedFrom) - verticalScrollBar()->value();
    const int top = moved ? int(std::clamp<qint64>(row, 0, visibleLines() + 2)) * lineHeight() : 0;
    m_gutter = gutter;
    m_changedFrom = std::numeric_limits<qint64>::max();
    viewport()->update(0, top, viewport()->width(), viewport()->height());
    Q_EMIT refreshed();
}

/// Rows that stay in view are moved, not painted again.
void LogView::scrollContentsBy(int dx, int dy)
{
    if (dx == 0 && std::abs(dy) < visibleLines())
        viewport()->scroll(0, dy * lineHeight());
    else
        viewport()->update();
}

void LogView::setFollowing(bool following)
{
    if (following)
        scrollToEnd();
    if (m_following == following)
        return;
    m_following = following;
    m_followed = m_store ? m_store->lineCount() : 0;
    Q_EMIT followingChanged();
}

qint64 LogView::unseen() const
{
    return m_following || !m_store ? 0 : m_store->lineCount() - m_followed;
}

void LogView::userScrolled()
{
    // The slider's new position is not yet its value.
    const int position = verticalScrollBar()->sliderPosition();
    setFollowing(position >= verticalScrollBar()->maximum());
}

void LogView::scrollToEnd()
{
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void LogView::toggleFold(qint64 line)
{
    const std::optional<Fold> fold
        = m_store ? m_store->marks().foldAround(line) : std::optional<Fold>();
    if (!fold)
        return;
    std::set<qint64> folded = m_folded;
    if (!folded.erase(fold->first))
        folded.insert(fold->first);
    setFolded(std::move(folded));
}

void LogView::foldAll()
{
    std::set<qint64> folded;
    if (m_store) {
        for (const Fold &fold : m_store->marks().folds())
            folded.insert(folded.end(), fold.first);
    }
    setFolded(std::move(folded));
}

void LogView::unfoldAll()
{
    setFolded({});
}

void LogView::setFolded(std::set<qint64> folded)
{
    const qint64 top = firstVisibleLine();
    m_folded = std::move(folded);
    rebuildRows();
    // The mark does not stay on a line that nobody sees.
    if (m_store && m_current >= 0 && !m_rows.isShown(m_current)) {
        if (const auto fold = m_store->marks().foldAround(m_current))
            m_current = m_anchor = fold->first;
    }
    if (m_following)
        scrollToEnd();
    else
        verticalScrollBar()->setValue(int(m_rows.rowOf(top)));
    viewport()->update();
    Q_EMIT refreshed();
}

void LogView::showLine(qint64 line)
{
    if (!m_store || line < 0 || line >= m_store->lineCount())
        return;
    setFollowing(false);
    m_current = m_anchor = line;
    if (!m_rows.isShown(line)) {
        if (const auto fold = m_store->marks().foldAround(line))
            m_folded.erase(fold->first);
        rebuildRows();
        if (!m_rows.isShown(line))
            setFilter(std::nullopt);
    }
    const qint64 top = std::max<qint64>(0, m_rows.rowOf(line) - visibleLines() / 3);
    verticalScrollBar()->setValue(int(top));
    viewport()->update();
    Q_EMIT refreshed();
}

qint64 LogView::firstVisibleLine() const
{
    return std::max<qint64>(0, m_rows.lineOf(verticalScrollBar()->value()));
}

int LogView::visibleLines() const
{
    return std::max(1, viewport()->height() / lineHeight());
}

LinePainter LogView::linePainter() const
{
    const qint64 most = m_store ? std::max<qint64>(m_store->lineCount(), 999) : 999;
    return {font(), int(QString::number(most).size()), horizontalScrollBar()->value()};
}

int LogView::lineHeight() const
{
    return linePainter().lineHeight();
}

void LogView::updateScrollBars()
{
    const qint64 most = std::numeric_limits<int>::max();
    const int page = visibleLines();
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setRange(0,
                                  int(std::min(most, std::max<qint64>(0, m_rows.count() - page))));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(spacing::Large);
    horizontalScrollBar()->setRange(0, std::max(0, m_longest - viewport()->width()));
}

void LogView::paintEvent(QPaintEvent *event)
{
    m_grown = 0;
    m_sincePaint.restart();
    QPainter painter(viewport());
    painter.fillRect(event->rect(), Theme::instance().color(ColorRole::CodeBackground));
    if (!m_store)
        return;
    const int longest = m_longest;
    const LinePainter lines = linePainter();
    if (m_store->isIndexed())
        paintRows(painter, lines, event->rect());
    else
        paintTail(painter, lines);
    if (m_longest != longest)
        updateScrollBars();
    Q_EMIT painted();
}

void LogView::paintRows(QPainter &painter, const LinePainter &lines, const QRect &part)
{
    const int height = lines.lineHeight();
    const qint64 scrolled = verticalScrollBar()->value();
    const qint64 top = scrolled + part.top() / height;
    const qint64 end = std::min(m_rows.count(), scrolled + part.bottom() / height + 1);
    const auto [low, high] = std::minmax(m_anchor, m_current);
    const bool searching = m_search && !m_search->text().isEmpty();
    qint64 before = top > 0 ? m_rows.lineOf(top - 1) : -1;
    bool styleKnown = false;
    AnsiStyle style;
    for (qint64 row = top; row < end; ++row) {
        const qint64 number = m_rows.lineOf(row);
        if (!styleKnown || number != before + 1)
            style = m_store->styleBefore(number);
        const ShownLine shown = shownLine(m_store->text(), number, style);
        const LogLine &line = shown.line;
        style = line.after;
        styleKnown = shown.isRead;
        LineLook look;
        look.unshown = shown.unshown;
        look.number = number;
        look.selected = low >= 0 && number >= low && number <= high;
        look.current = number == m_current && hasFocus();
        look.gap = row > 0 && number != before + 1 && !m_folded.contains(before);
        if (m_folded.contains(number)) {
            const std::optional<Fold> fold = m_store->marks().foldAt(number);
            look.folded = fold.has_value();
            if (fold)
                look.hidden = (fold->last < 0 ? m_store->lineCount() - 1 : fold->last) - number;
        }
        if (searching && m_search->lines().contains(number))
            look.hits = m_search->spans(line.text);
        const QRect place(0, int(row - scrolled) * height, viewport()->width(), height);
        m_longest = std::max(m_longest, lines.paint(painter, place, line, look));
        before = number;
    }
}

/// Before the index is there: the last page, read backwards from the end, without numbers.
void LogView::paintTail(QPainter &painter, const LinePainter &lines)
{
    const QList<QByteArray> tail = m_store->lastLines(visibleLines());
    int y = 0;
    for (const QByteArray &bytes : tail) {
        lines.paint(painter, QRect(0, y, viewport()->width(), lines.lineHeight()),
                    readLine(bytes.left(paintedBytes)), {});
        y += lines.lineHeight();
    }
}

qint64 LogView::lineAt(int y) const
{
    const qint64 last = m_rows.count() - 1;
    return m_rows.lineOf(
        std::min(last, qint64(verticalScrollBar()->value()) + std::max(0, y) / lineHeight()));
}

QString LogView::copied(const std::function<QString(qint64)> &line) const
{
    const auto [low, high] = std::minmax(m_anchor, m_current);
    if (!m_store || low < 0)
        return {};
    QStringList all;
    for (qint64 row = m_rows.rowOf(low); m_rows.lineOf(row) >= 0 && m_rows.lineOf(row) <= high;
         ++row)
        all << line(m_rows.lineOf(row));
    return all.join(QLatin1Char('\n'));
}

QString LogView::selectedText() const
{
    return copied([this](qint64 number) {
        const LogLine line = readLine(m_store->line(number, longestCopied));
        return line.at.isValid() ? shownTime(line.at) + QLatin1Char(' ') + line.text : line.text;
    });
}

QString LogView::selectedText(CopyForm form) const
{
    const auto [low, high] = std::minmax(m_anchor, m_current);
    if (!m_store || low < 0)
        return {};
    return copiedLines(
        m_store->text(), low,
        [this, last = high](qint64 line) {
            const qint64 next = m_rows.lineOf(m_rows.rowOf(line) + 1);
            return next <= last ? next : -1;
        },
        form);
}

} // namespace pilothouse
