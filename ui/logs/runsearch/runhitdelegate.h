#pragma once

#include "logs/search/linematcher.h"
#include "ui/widgets/theme.h"

#include <QStyledItemDelegate>

#include <optional>

namespace pilothouse {

struct RunSearchRow;

/// A line as far as `room` characters show it: from a little before its first hit on, if that would
/// be out of sight.
[[nodiscard]] QString shownPart(const QString &text, const LineMatcher &matcher, qsizetype room);

/// Draws a job with its state as an icon and words, and a hit with its line number and the hits
/// marked in the text.
class RunHitDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// What is marked in the text of a hit.
    void setQuery(const SearchQuery &query);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const override;

private:
    void paintJob(QPainter &painter, const QRect &row, const QModelIndex &index) const;
    void paintHit(QPainter &painter, const QRect &row, const QModelIndex &index) const;

    SearchQuery m_query;
    std::optional<LineMatcher> m_matcher;
};

} // namespace pilothouse
