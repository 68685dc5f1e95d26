#include "ui/logs/logsearchbar.h"

#include "logs/logsearch.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QShortcut>
#include <QSpinBox>
#include <QToolButton>

namespace pilothouse {
namespace {

constexpr int fieldWidth = 240;

QToolButton *arrow(QWidget *parent, const char *objectName, const QString &icon,
                   const QString &name, const QString &tip)
{
    auto *made = new QToolButton(parent);
    made->setObjectName(QLatin1String(objectName));
    made->setIcon(themedIcon(icon));
    made->setAccessibleName(name);
    made->setToolTip(tip);
    made->setAutoRaise(true);
    return made;
}

} // namespace

LogSearchBar::LogSearchBar(QWidget *parent)
    : QWidget(parent), m_field(new QLineEdit(this)),
      m_case(
          option("caseButton", QStringLiteral("Aa"), tr("Match case"), tr("Match case (Alt+C)"))),
      m_word(option("wordButton", tr("word"), tr("Whole words"), tr("Whole words (Alt+W)"))),
      m_regex(option("regexButton", QStringLiteral(".*"), tr("Regular expression"),
                     tr("Regular expression (Alt+R)"))),
      m_previous(arrow(this, "previousHitButton", QStringLiteral("chevron-up"), tr("Previous hit"),
                       tr("Previous hit (Shift+F3)"))),
      m_next(arrow(this, "nextHitButton", QStringLiteral("chevron-down"), tr("Next hit"),
                   tr("Next hit (F3)"))),
      m_hits(new QLabel(this)),
      m_filter(option("filterButton", tr("Filter"), tr("Only lines with hits"),
                      tr("Only lines with hits (Alt+F)"))),
      m_context(new QSpinBox(this)),
      m_all(option("allJobsButton", tr("All jobs"), tr("Search all jobs of the run"),
                   tr("Search the logs of all jobs of the run (Alt+A)")))
{
    m_field->setObjectName(QStringLiteral("logSearchField"));
    m_field->setPlaceholderText(tr("Find in log"));
    m_field->setAccessibleName(tr("Find in log"));
    m_field->setClearButtonEnabled(true);
    m_field->setFixedWidth(fieldWidth);
    m_field->addAction(themedIcon(QStringLiteral("search"), ColorRole::Muted),
                       QLineEdit::LeadingPosition);
    m_hits->setObjectName(QStringLiteral("hitCount"));
    m_hits->setTextFormat(Qt::PlainText);
    m_context->setObjectName(QStringLiteral("filterContext"));
    m_context->setRange(0, 99);
    m_context->setPrefix(tr("± "));
    m_context->setAccessibleName(tr("Lines around each hit"));
    m_context->setToolTip(tr("Lines shown around each hit"));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::Hair);
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_field, m_case, m_word, m_regex, m_previous, m_next,
                                          m_filter, m_context, m_all, m_hits})
        row->addWidget(widget);
    m_context->hide();
    m_all->hide();
    addKey(m_case, Qt::Key_C);
    addKey(m_word, Qt::Key_W);
    addKey(m_regex, Qt::Key_R);
    addKey(m_filter, Qt::Key_F);

    connect(m_field, &QLineEdit::textChanged, this, &LogSearchBar::queryChanged);
    connect(m_field, &QLineEdit::returnPressed, this, &LogSearchBar::nextWanted);
    for (QToolButton *button : {m_case, m_word, m_regex})
        connect(button, &QToolButton::toggled, this, &LogSearchBar::queryChanged);
    connect(m_next, &QToolButton::clicked, this, &LogSearchBar::nextWanted);
    connect(m_previous, &QToolButton::clicked, this, &LogSearchBar::previousWanted);
    connect(m_filter, &QToolButton::toggled, this, [this](bool on) {
        m_context->setVisible(on);
        Q_EMIT filterChanged();
    });
    connect(m_context, &QSpinBox::valueChanged, this, &LogSearchBar::filterChanged);
    connect(m_all, &QToolButton::toggled, this, [this](bool all) {
        m_field->setPlaceholderText(all ? tr("Find in all jobs") : tr("Find in log"));
        m_field->setAccessibleName(m_field->placeholderText());
        Q_EMIT allJobsChanged();
    });
}

void LogSearchBar::setSearchable(bool searchable)
{
    for (QWidget *widget : std::initializer_list<QWidget *>{m_field, m_case, m_word, m_regex})
        widget->setEnabled(searchable);
    // A filter is of the lines of one log.
    m_filter->setEnabled(searchable && !allJobs());
    m_context->setEnabled(searchable && !allJobs());
}

void LogSearchBar::offerAllJobs()
{
    m_all->show();
}

bool LogSearchBar::allJobs() const
{
    return m_all->isChecked();
}

void LogSearchBar::setAllJobs(bool all)
{
    m_all->setChecked(all);
}

void LogSearchBar::addKey(QToolButton *button, Qt::Key key)
{
    auto *shortcut = new QShortcut(QKeySequence(Qt::ALT | key), this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, button, &QToolButton::toggle);
}

QToolButton *LogSearchBar::option(const char *objectName, const QString &text, const QString &name,
                                  const QString &tip)
{
    auto *made = new QToolButton(this);
    made->setObjectName(QLatin1String(objectName));
    made->setText(text);
    made->setAccessibleName(name);
    made->setToolTip(tip);
    made->setCheckable(true);
    made->setAutoRaise(true);
    return made;
}

SearchQuery LogSearchBar::query() const
{
    int options = SearchQuery::Plain;
    options |= m_case->isChecked() ? SearchQuery::CaseSensitive : 0;
    options |= m_word->isChecked() ? SearchQuery::WholeWord : 0;
    options |= m_regex->isChecked() ? SearchQuery::Regex : 0;
    return {m_field->text(), options};
}

std::optional<int> LogSearchBar::filter() const
{
    return m_filter->isChecked() ? std::optional(m_context->value()) : std::nullopt;
}

void LogSearchBar::setFiltering(bool filtering)
{
    m_filter->setChecked(filtering);
}

void LogSearchBar::show(const LogSearch &search)
{
    const QLocale locale(QLocale::English);
    const qint64 count = qint64(search.lines().size());
    const bool searching = !search.text().isEmpty();
    QString said;
    Tone tone = Tone::Neutral;
    if (search.error()) {
        said = search.error()->message;
        tone = Tone::Danger;
    } else if (searching && count == 0 && search.isComplete()) {
        said = tr("no hit");
        tone = Tone::Warning;
    } else if (searching) {
        said = count == 1 ? tr("1 line") : tr("%1 lines").arg(locale.toString(count));
        if (!search.isComplete())
            said += tr(" so far");
    }
    show(said, tone, count);
}

void LogSearchBar::show(const QString &said, Tone tone, qint64 hits)
{
    setInk(m_hits, tone);
    m_hits->setText(said);
    m_hits->setVisible(!said.isEmpty() && m_field->isEnabled());
    m_next->setEnabled(hits > 0);
    m_previous->setEnabled(hits > 0);
    m_field->setAccessibleDescription(said);
}

void LogSearchBar::focusField()
{
    m_field->setFocus();
    m_field->selectAll();
}

} // namespace pilothouse
