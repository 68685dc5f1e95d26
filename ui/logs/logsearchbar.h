#pragma once

#include "logs/search/linematcher.h"

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
    void focusField();

Q_SIGNALS:
    void queryChanged();
    void filterChanged();
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
};

} // namespace pilothouse
