#pragma once

#include "release/compare/comparepair.h"
#include "release/compare/comparer.h"
#include "ui/release/compare/comparesections.h"

#include <QDialog>

#include <functional>

class QLabel;
class QPushButton;
class QStackedLayout;
class QTreeWidget;

namespace pilothouse {

class CommitPicker;
class CodeView;
class DifferenceTable;
class FileTree;
class ReleaseController;
class StateView;
class ThingDesk;

/// Two commits compared: the sections with their counts on the left, the chosen one on the right.
/// Modal to its window, which must not change under it. What it is given outlives it.
class CompareDialog final : public QDialog
{
    Q_OBJECT

public:
    /// What the live world tells, asked at each comparison.
    using Seen = std::function<SeenWorld()>;

    CompareDialog(const ReleaseController &release, const CompareSources &sources, Seen seen,
                  QWidget *parent = nullptr);

    /// Without a pair a person has to choose two commits first.
    void compare(const std::optional<ComparePair> &pair, CompareSection first);
    /// Offers to copy and open the commits. The desk outlives the dialog.
    void setThings(ThingDesk &desk);

private:
    void compareChosen();
    void refresh();
    void showState();
    void showSections();
    void showSection();
    [[nodiscard]] const SectionView *chosen() const;

    Seen m_seen;
    Comparer m_comparer;
    QString m_against; ///< what the first commit is, while it is the one that was given
    CommitId m_given;
    CompareSection m_wanted = CompareSection::Commits;
    QList<SectionView> m_sections;

    QLabel *m_title;
    QLabel *m_relation;
    CommitPicker *m_from;
    CommitPicker *m_to;
    QStackedLayout *m_stack;
    StateView *m_state;
    QTreeWidget *m_list;
    QStackedLayout *m_views;
    DifferenceTable *m_table;
    FileTree *m_files;
    CodeView *m_notes;
    StateView *m_empty;
    QPushButton *m_copyNotes;
    QPushButton *m_copyForChat;
};

} // namespace pilothouse
