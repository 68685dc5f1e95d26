#pragma once

#include "logs/search/linematcher.h"
#include "ui/widgets/theme.h"

#include <QWidget>

#include <optional>

class QLabel;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace pilothouse {

class LogSearch;

/// What is looked for in a log and how: text, case, whole word, expression; the count, the way to
/// the next, and the filter.
class LogSearchBar final : public QWidget
{
    Q_OBJECT

public:
    explicit LogSearchBar(QWidget *parent = nullptr);

    [[nodiscard]] SearchQuery query() const;
    /// Lines around a hit that the filter leaves; nothing = no filter.
    [[nodiscard]] std::optional<int> filter() const;
    void setFiltering(bool filtering);
    /// What the search has found, or what is wrong with the expression.
    void show(const LogSearch &search);
    /// The same for another search: a sentence, and whether there are hits to go to.
    void show(const QString &said, Tone tone, qint64 hits);
    void focusField();
    /// Whether there is something to search; the way to all jobs is open in any case.
    void setSearchable(bool searchable);
    /// Shows the button for a search through all jobs of the run; its key is the panel's.
    void offerAllJobs();
    [[nodiscard]] bool allJobs() const;
    void setAllJobs(bool all);

Q_SIGNALS:
    void queryChanged();
    void filterChanged();
    void allJobsChanged();
    void nextWanted();
    void previousWanted();

private:
    void addKey(QToolButton *button, Qt::Key key);
    QToolButton *option(const char *objectName, const QString &text, const QString &name,
                        const QString &tip);

    QLineEdit *m_field;
    QToolButton *m_case;
    QToolButton *m_word;
    QToolButton *m_regex;
    QToolButton *m_previous;
    QToolButton *m_next;
    QLabel *m_hits;
    QToolButton *m_filter;
    QSpinBox *m_context;
    QToolButton *m_all;
};

} // namespace pilothouse
