use std::thread;

/// Does some work for each of a list, on as many cores as there are or may be used; the
/// results are in the order of the list.
///
/// # Panics
///
/// If the work does.
pub(super) fn on_cores<T: Sync, R: Send>(
    most: Option<usize>,
    list: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let all = || thread::available_parallelism().map_or(1, usize::from);
    let cores = most.unwrap_or_else(all).max(1);
    let share = list.len().div_ceil(cores).max(1);
    if list.len() <= 1 || cores == 1 {
        return list.iter().map(work).collect();
    }
    thread::scope(|scope| {
        let work = &work;
        let jobs: Vec<_> = list
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(work).collect::<Vec<R>>()))
            .collect();
        let done = jobs.into_iter().map(|job| match job.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        done.flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::on_cores;

    #[test]
    fn results_keep_the_order() {
        let list: Vec<usize> = (0..101).collect();
        for most in [None, Some(0), Some(1), Some(3)] {
            let doubled = on_cores(most, &list, |number| number * 2);
            assert_eq!(doubled, (0..101).map(|number| number * 2).collect::<Vec<_>>());
        }
    }
}
